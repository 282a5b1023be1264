import { describeOther, imageTypeOf } from '../../../nodes/GptImage1/images/imageType';

test.each<[string, string, unknown, string]>([
	['no data', '', 'image/png', 'no data'],
	['a page', ' \n<html>', 'image/png', 'a web page instead of an image'],
	['a GIF', 'GIF89a..........', 'image/gif', '(image/gif)'],
	['a RIFF file that is not a WebP', 'RIFF\0\0\0\0WAVEfmt ', undefined, '(of unknown type)'],
	['a WebP without RIFF', 'FFIR\0\0\0\0WEBPVP8 ', 'x'.repeat(99), `(${'x'.repeat(80)})`],
	['a damaged PNG signature', '\x89PNG\r\n\x1a\r\0\0\0\0', ['a', 'b'], '(of unknown type)'],
	['too few bytes', '\x89P', 'image/png', '(image/png)'],
	['too few bytes of a JPEG', '\xff\xd8', 'image/jpeg', '(image/jpeg)'],
])('%s is not an image, and said to be what it is', (_what, text, contentType, said) => {
	const head = Buffer.from(text, 'latin1');
	expect(imageTypeOf(head)).toBeUndefined();
	expect(describeOther(head, contentType)).toContain(said);
});
