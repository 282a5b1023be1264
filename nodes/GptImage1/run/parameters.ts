import type { IDataObject } from 'n8n-workflow';
import { wholeNumber } from '../task/createBody';
import { requestIdIn } from '../task/contract';
import { invalidParameter } from '../task/errors';
import type { Item } from './item';

/** The parameters of an item, checked: n8n checks neither lists nor ranges (engine fact 6). */

export type OnTimeout = 'cancel' | 'fail' | 'returnTask';

export type WaitPlan = {
	/** Seconds. */
	timeout: number;
	onTimeout: OnTimeout;
	/** Seconds; absent for the automatic schedule. */
	pollInterval?: number;
};

export type ImagePlan = {
	download: boolean;
	binaryProperty: string;
	output: 'itemPerImage' | 'singleItem';
};

const optionsOf = (item: Item) => item.parameter('options', {}) as IDataObject;

const isUnset = (value: unknown) => value === undefined || value === null || value === '';

function seconds(value: unknown, parameter: string, least: number, most: number): number {
	const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof given === 'number' && given >= least && given <= most) return given;
	throw invalidParameter(parameter, value, `must be a number of seconds from ${least} to ${most}`);
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

/** A day: long enough for any queue, short enough to be no slip of the pen. */
const LONGEST_TIMEOUT = 86_400;

/** @returns undefined where the user does not want to wait */
export function waitPlan(item: Item): WaitPlan | undefined {
	if (!yesOrNo(item.parameter('waitForCompletion', true), 'Wait for Completion')) return undefined;
	const options = optionsOf(item);
	const { timeout = 600, onTimeout = 'fail', pollInterval, cancelOnStop = true } = options;
	item.cancelOnStop = yesOrNo(cancelOnStop, 'Cancel on Stop');
	return {
		timeout: seconds(timeout, 'Timeout', 1, LONGEST_TIMEOUT),
		onTimeout: choice<OnTimeout>(onTimeout, 'On Timeout', ['cancel', 'fail', 'returnTask']),
		...(!isUnset(pollInterval) &&
			pollInterval !== 0 && {
				pollInterval: seconds(pollInterval, 'Poll Interval', 0.5, 3600),
			}),
	};
}

export function imagePlan(item: Item): ImagePlan {
	const wanted = yesOrNo(item.parameter('downloadImages', true), 'Download Images');
	const binaryProperty = item.parameter('binaryPropertyName', 'data');
	const { imageOutput = 'itemPerImage' } = optionsOf(item);
	if (typeof binaryProperty !== 'string' || binaryProperty.trim() === '') {
		throw invalidParameter(
			'Put Output File in Field',
			binaryProperty,
			'must be the name of a field',
		);
	}
	return {
		download: wanted && !item.isTool,
		binaryProperty: binaryProperty.trim(),
		output: choice(imageOutput, 'Image Output', ['itemPerImage', 'singleItem']),
	};
}

export function mostTasksInFlight(item: Item): number {
	const { maxTasksInFlight = 10 } = optionsOf(item);
	return Number(wholeNumber(1, 100)(maxTasksInFlight, 'Max Tasks in Flight'));
}

export function requestIdOf(item: Item): string {
	const given = item.parameter('requestId', '');
	const requestId = requestIdIn(given);
	if (requestId !== undefined) return requestId;
	throw invalidParameter(
		'Request ID',
		given,
		'must be the ID of a task, or its status, result or cancel URL',
	);
}
