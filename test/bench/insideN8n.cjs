/**
 * Loaded into n8n's process (NODE_OPTIONS=--require): tells the bench, over HTTP on loopback, for how
 * long the event loop has stood still, and what is still in memory after garbage collection.
 */
const { createServer } = require('node:http');
const { Session } = require('node:inspector');
const Module = require('node:module');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const OUR_FILES = /[\\/]n8n-nodes-seaart-gpt-image-1[\\/]dist[\\/]/;
const N8N_CONTEXT = /[\\/]n8n-core[\\/].*[\\/]base-execute-context\.js$/;

/** n8n's own child processes, a task runner for one, inherit NODE_OPTIONS. */
if (process.argv.includes('start')) {
	const delay = monitorEventLoopDelay({ resolution: 10 });
	delay.enable();
	markOurClasses();
	const answers = {
		/** The longest freeze since the last time it was asked for. */
		'/freeze': async () => {
			const longestMs = delay.max / 1e6;
			delay.reset();
			return { longestMs };
		},
		'/collect': async () => await withInspector(collectGarbage),
		'/kept': async () => await withInspector(countKept),
	};
	const server = createServer((request, response) => {
		answers[request.url]().then(
			(answer) => response.end(JSON.stringify(answer ?? null)),
			(error) => response.writeHead(500).end(String(error?.stack ?? error)),
		);
	});
	server.listen(0, '127.0.0.1', () => console.log(`bench probe: port ${server.address().port}`));
	server.unref();
}

/**
 * Puts one prototype under every class that a file of our package declares, exported or not (errors
 * left out), so that a single query finds all instances: each query collects garbage several times.
 */
function markOurClasses() {
	const mark = (globalThis.benchMark = {});
	globalThis.benchMarkClass = ({ prototype }) => {
		if (Object.getPrototypeOf(prototype) === Object.prototype)
			Object.setPrototypeOf(prototype, mark);
	};
	const { _compile: compile } = Module.prototype;
	Module.prototype._compile = function (source, file, ...more) {
		if (!OUR_FILES.test(file)) return compile.call(this, source, file, ...more);
		const names = [...source.matchAll(/^class (\w+)/gm)].map(([, name]) => name);
		const marks = names.map((name) => `globalThis.benchMarkClass(${name});`);
		return compile.call(this, `${source}\n${marks.join('')}`, file, ...more);
	};
}

async function withInspector(work) {
	const session = new Session();
	session.connect();
	try {
		return await work(
			(method, params) =>
				new Promise((resolve, reject) => {
					session.post(method, params, (error, result) =>
						error ? reject(error) : resolve(result),
					);
				}),
		);
	} finally {
		session.disconnect();
	}
}

/** Several times with pauses: what a finalizer lets go of is collected only afterwards. */
async function collectGarbage(post) {
	for (let round = 0; round < 2; round++) {
		await post('HeapProfiler.collectGarbage');
		await sleep(50);
	}
}

/** How many objects of each class there are. */
async function countKept(post) {
	const loaded = Object.entries(require.cache).find(([file]) => N8N_CONTEXT.test(file));
	globalThis.benchContext = loaded[1].exports.BaseExecuteContext;
	await collectGarbage(post);
	return {
		abortSignals: await countByClass(post, 'AbortSignal.prototype'),
		contexts: await countByClass(post, 'benchContext.prototype'),
		ours: await countByClass(post, 'benchMark'),
	};
}

async function countByClass(post, expression) {
	const objectGroup = 'bench';
	const { result: prototype } = await post('Runtime.evaluate', { expression, objectGroup });
	const { objects } = await post('Runtime.queryObjects', {
		prototypeObjectId: prototype.objectId,
		objectGroup,
	});
	const { result } = await post('Runtime.callFunctionOn', {
		objectId: objects.objectId,
		functionDeclaration: String(function () {
			const counts = {};
			for (const { constructor } of this)
				counts[constructor.name] = (counts[constructor.name] ?? 0) + 1;
			return counts;
		}),
		returnByValue: true,
	});
	await post('Runtime.releaseObjectGroup', { objectGroup });
	return result.value;
}
