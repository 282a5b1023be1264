import type { IDataObject } from 'n8n-workflow';
import { invalidParameter } from '../errors/parameters';
import { wholeNumber } from '../service/requestBody';
import { requestIdIn } from '../service/requestId';
import type { Item } from './item';

/** The parameters of an item, checked: n8n checks neither lists nor ranges. */

export type OnTimeout = 'cancel' | 'fail' | 'returnTask';

export type WaitPlan = {
	timeoutSeconds: number;
	onTimeout: OnTimeout;
	/** Absent for the automatic schedule. */
	pollIntervalSeconds?: number;
};

export type ImagePlan = {
	download: boolean;
	binaryProperty: string;
	output: 'itemPerImage' | 'singleItem';
};

const isUnset = (value: unknown) => value === undefined || value === null || value === '';

function seconds(value: unknown, parameter: string, min: number, max: number, or = ''): number {
	const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof given === 'number' && given >= min && given <= max) return given;
	throw invalidParameter(
		parameter,
		value,
		`must be ${or}a number of seconds from ${min} to ${max}`,
	);
}

function choice<T extends string>(value: unknown, parameter: string, choices: readonly T[]): T {
	const chosen = choices.find((one) => one === value);
	if (chosen !== undefined) return chosen;
	throw invalidParameter(parameter, value, `must be one of ${choices.join(', ')}`);
}

function yesOrNo(value: unknown, parameter: string): boolean {
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	throw invalidParameter(parameter, value, 'must be true or false');
}

/** Evaluated once an item: it may hold expressions. */
export const optionsOf = (item: Item) => item.parameter('options', {}) as IDataObject;

/** A day: long enough for any queue, short enough to be no typing error. */
const MAX_TIMEOUT_SECONDS = 86_400;
const MIN_POLL_INTERVAL_SECONDS = 0.5;
const MAX_POLL_INTERVAL_SECONDS = 3600;

/** @returns undefined where the user does not want to wait */
export function waitPlan(item: Item, options: IDataObject): WaitPlan | undefined {
	const { timeout = 600, onTimeout = 'fail', pollInterval, cancelOnStop = true } = options;
	item.cancelOnStop = yesOrNo(cancelOnStop, 'Cancel on Stop');
	if (!yesOrNo(item.parameter('waitForCompletion', true), 'Wait for Completion')) return undefined;
	const [min, max] = [MIN_POLL_INTERVAL_SECONDS, MAX_POLL_INTERVAL_SECONDS];
	return {
		timeoutSeconds: seconds(timeout, 'Timeout (Seconds)', 1, MAX_TIMEOUT_SECONDS),
		onTimeout: choice<OnTimeout>(onTimeout, 'On Timeout', ['cancel', 'fail', 'returnTask']),
		...(!isUnset(pollInterval) &&
			Number(pollInterval) !== 0 && {
				pollIntervalSeconds: seconds(pollInterval, 'Poll Interval (Seconds)', min, max, '0 or '),
			}),
	};
}

/** Names under which JavaScript's objects keep nothing, or something else. */
const NO_FIELD = ['__proto__', 'constructor', 'prototype'];

export function imagePlan(item: Item, options: IDataObject): ImagePlan {
	const download = yesOrNo(item.parameter('downloadImages', true), 'Download Images');
	const name = item.parameter('binaryPropertyName', 'data');
	if (typeof name !== 'string' || name.trim() === '' || NO_FIELD.includes(name.trim())) {
		throw invalidParameter('Put Output File in Field', name, 'must be the name of a field');
	}
	const { imageOutput = 'itemPerImage' } = options;
	return {
		download: download && !item.isTool,
		binaryProperty: name.trim(),
		output: choice(imageOutput, 'Return Images As', ['itemPerImage', 'singleItem']),
	};
}

export const maxTasksInFlight = ({ maxTasksInFlight: max = 10 }: IDataObject) =>
	Number(wholeNumber(1, 100)(max, 'Max Tasks in Flight'));

/** @returns Infinity where the user sets no limit */
export function maxImages({ maxImages: max = 0 }: IDataObject): number {
	return Number(wholeNumber(0, Number.MAX_SAFE_INTEGER)(max, 'Max Images per Run')) || Infinity;
}

export function requestIdOf(item: Item): string {
	const given = item.parameter('requestId', '');
	const requestId = requestIdIn(given);
	if (requestId !== undefined) return requestId;
	const rule = 'must be the ID of a task, or its status, result, or cancel URL';
	throw invalidParameter('Request ID', given, rule);
}
