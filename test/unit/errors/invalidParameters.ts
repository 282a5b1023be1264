import type { IDataObject } from 'n8n-workflow';
import { TaskError } from '../../../nodes/GptImage1/errors/taskError';
import type { Item } from '../../../nodes/GptImage1/run/item';
import * as parameters from '../../../nodes/GptImage1/run/parameters';
import { createBody } from '../../../nodes/GptImage1/service/requestBody';

/** What is said of each parameter with a value that cannot be. */

const itemWith = (values: IDataObject) =>
	({ parameter: (name: string, fallback: unknown) => values[name] ?? fallback }) as Item;

const body = (change: IDataObject) => () =>
	createBody({ prompt: 'an apple', n: 1, size: 'auto', quality: 'auto', ...change });
const waiting =
	(options: IDataObject, values: IDataObject = {}) =>
	() =>
		parameters.waitPlan(itemWith(values), options);
const delivering =
	(values: IDataObject, options: IDataObject = {}) =>
	() =>
		parameters.imagePlan(itemWith(values), options);

const CHECKS: Array<[when: string, check: () => unknown]> = [
	['Prompt: empty', body({ prompt: '' })],
	['Prompt: not text', body({ prompt: { subject: 'an apple' } })],
	['Prompt: too long', body({ prompt: 'x'.repeat(32_001) })],
	['Number of Images', body({ n: 11 })],
	['Size', body({ size: '512x512' })],
	['Quality', body({ quality: 'best' })],
	['Background', body({ background: 'white' })],
	['Background: transparent JPEG', body({ background: 'transparent', output_format: 'jpeg' })],
	['Output Format', body({ output_format: 'gif' })],
	['Output Compression', body({ output_compression: 101 })],
	['Moderation', body({ moderation: 'off' })],
	['User', body({ user: { name: 'me' } })],
	['Max Images per Run', () => parameters.maxImages({ maxImages: -1 })],
	['Max Tasks in Flight', () => parameters.maxTasksInFlight({ maxTasksInFlight: 0 })],
	['Wait for Completion', waiting({}, { waitForCompletion: 'yes' })],
	['Timeout (Seconds)', waiting({ timeout: 0 })],
	['Poll Interval (Seconds)', waiting({ pollInterval: 0.1 })],
	['On Timeout', waiting({ onTimeout: 'wait' })],
	['Cancel on Stop', waiting({ cancelOnStop: 'no' })],
	['Download Images', delivering({ downloadImages: 'yes' })],
	['Put Output File in Field', delivering({ binaryPropertyName: ' ' })],
	['Return Images As', delivering({}, { imageOutput: 'zip' })],
	['Request ID', () => parameters.requestIdOf(itemWith({ requestId: 'a/../b' }))],
];

export const invalidParameters = () =>
	CHECKS.map(([when, check]) => {
		try {
			check();
		} catch (error) {
			if (error instanceof TaskError) return { when, error };
			throw error;
		}
		throw new Error(`${when} was accepted`);
	});
