/**
 * Loaded into n8n's process (NODE_OPTIONS=--require): tells the bench, over HTTP on loopback, for how
 * long the event loop has stood still, how much memory was resident, and what is still in memory
 * after garbage collection.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const Module = require('node:module');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { queryObjects } = require('node:v8');

const OUR_FILES = /[\\/]n8n-nodes-seaart-gpt-image-1[\\/]dist[\\/]/;
const CONTEXT = /[\\/]n8n-core[\\/].*[\\/]base-execute-context\.js$/;

/** Put over every class that a file of our package declares, exported or not (errors left out). */
class Ours {}

/** n8n's own child processes, a task runner for one, inherit NODE_OPTIONS. */
if (process.argv.includes('start')) {
	const delay = monitorEventLoopDelay({ resolution: 10 });
	delay.enable();
	markOurClasses();
	const answers = {
		/** What is measured begins here. */
		'/start': async () => {
			await collectGarbage();
			delay.reset();
			// 5 resets the peak of memory that the kernel keeps (VmHWM); see proc(5), clear_refs.
			if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
		},
		'/freezeMs': () => delay.max / 1e6,
		'/peakMB': () => {
			const [, kB] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
			return Number(kB) / 1024;
		},
		'/kept': async () => {
			await collectGarbage();
			const { exports: context } = Object.values(require.cache).find(({ id }) => CONTEXT.test(id));
			const contexts = count(context.BaseExecuteContext);
			return { abortSignals: count(AbortSignal), contexts, ours: count(Ours) };
		},
	};
	const server = createServer(async (request, response) => {
		try {
			response.end(JSON.stringify((await answers[request.url]()) ?? null));
		} catch (error) {
			response.writeHead(500).end(String(error.stack));
		}
	});
	server.listen(0, '127.0.0.1', () => console.log(`bench probe: port ${server.address().port}`));
	server.unref();
}

function markOurClasses() {
	globalThis.benchMark = ({ prototype }) => {
		if (Object.getPrototypeOf(prototype) === Object.prototype)
			Object.setPrototypeOf(prototype, Ours.prototype);
	};
	const { _compile: compile } = Module.prototype;
	Module.prototype._compile = function (source, file, ...more) {
		if (!OUR_FILES.test(file)) return compile.call(this, source, file, ...more);
		const marks = source.match(/^class \w+/gm)?.map((found) => `benchMark(${found.slice(6)});`);
		return compile.call(this, [source, ...(marks ?? [])].join('\n'), file, ...more);
	};
}

/** Several times with pauses: what a finalizer lets go of is collected only afterwards. */
async function collectGarbage() {
	for (let round = 0; round < 2; round++) {
		globalThis.gc();
		await sleep(50);
	}
}

const count = (constructor) => queryObjects(constructor, { format: 'count' });
