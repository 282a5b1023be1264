import { requestIdIn } from '../../../nodes/GptImage1/service/requestId';

const url = 'https://x.y/model/v1/queue/gpt_image_1/requests/mmsu_1';
const most = '?'.repeat(2000 - url.length);
const ends = ['/', '/status', '/response?x=/requests/other', '/cancel#top', most];

test.each<[unknown, string]>([
	['mmsu_1', 'mmsu_1'],
	[' mmsu_1\n', 'mmsu_1'],
	[4711, '4711'],
	...ends.map((end): [string, string] => [url + end, 'mmsu_1']),
	['x'.repeat(200), 'x'.repeat(200)],
	['..a.b', '..a.b'],
	[2 ** 53 - 1, '9007199254740991'],
	['9007199254740993', '9007199254740993'],
])('%j', (given, id) => expect(requestIdIn(given)).toBe(id));

test.each([
	...['', ' ', '.', '..', 'a/b', 'a/../b?x', 'a?b', 'a#b', 'a\\b', 'a%2fb', 'a b', 'a\u0000b'],
	...['x'.repeat(201), `${url}/other`, 'https://x.y/', `${url.replace('mmsu_1', '..')}/status`],
	...[null, undefined, {}, [], true, NaN, 1.5, 2 ** 53, 1e21, Infinity],
	...[`${url}?${'x'.repeat(2000)}`, 'x'.repeat(3_000_000)],
])('%# is refused', (given) => expect(requestIdIn(given)).toBeUndefined());
