import { describeOther, HEAD_BYTES, imageTypeOf } from '../../../nodes/GptImage1/images/imageType';
import { PICTURES } from './pictures';

test.each(PICTURES)('$name is known by its first bytes', async ({ type, make }) => {
	const head = (await make()).subarray(0, HEAD_BYTES);
	expect(imageTypeOf(head)).toBe(type);
	expect(imageTypeOf(head.subarray(0, 2))).toBeUndefined();
});

test.each([
	['HTML', Buffer.from('<!doctype html><html>')],
	['GIF', Buffer.from('GIF89a..........')],
	['a RIFF file that is not a WebP', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
	['a WebP without RIFF', Buffer.from('FFIR\0\0\0\0WEBPVP8 ')],
	['a damaged PNG signature', Buffer.from('89504e470d0a1a0d00000000', 'hex')],
	['too few bytes', Buffer.from([0x89, 0x50])],
	['JSON', Buffer.from('{"detail":"gone"}')],
	['no data', Buffer.alloc(0)],
])('%s is not an image', (_name, bytes) => expect(imageTypeOf(bytes)).toBeUndefined());

test.each<[string, Buffer, unknown, string]>([
	['no data', Buffer.alloc(0), 'image/png', 'no data'],
	['a page', Buffer.from(' \n<html>'), 'image/png', 'a web page instead of an image'],
	['another image', Buffer.from('GIF89a'), 'image/gif', '(image/gif)'],
	['a file without a type', Buffer.from('GIF89a'), undefined, '(of unknown type)'],
	['a type that is too long', Buffer.from('GIF89a'), 'x'.repeat(99), `(${'x'.repeat(80)})`],
	['a type that is a list', Buffer.from('GIF89a'), ['a', 'b'], '(of unknown type)'],
])('describeOther tells %s', (_what, head, contentType, text) =>
	expect(describeOther(head, contentType)).toContain(text),
);
