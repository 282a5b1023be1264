import type { IExecutePaginationFunctions, INodeProperties } from 'n8n-workflow';
import { startEngine } from '../harness/engine';
import type { Engine } from '../harness/engine';
import { Pictures } from '../service/pictures/pictures';
import { Random } from './random';
import { drawScenario } from './scenario';
import { MemoryStorage } from './storage';
import { CREATE, NODE, workflowOf } from './workflow';

/** n8n's engine over the built package, which all simulations of a process share. */
export class SimulationEngine {
	/** Called when the node is run, or run again. */
	onNodeRun: (name: string) => void = () => {};
	/** Whether the credential can be read for an item that has settled. */
	keyOutlivesItem = true;
	readonly pictures = new Pictures('tiny');

	private constructor(
		readonly engine: Engine,
		readonly storage: MemoryStorage,
	) {}

	static async start(): Promise<SimulationEngine> {
		const engine = await startEngine();
		const started = new SimulationEngine(engine, MemoryStorage.install());
		// Drawing takes real time, in which the wait for it would count as work of the node.
		await started.pictures.prepare();
		started.watchNode();
		// n8n starts timers of its own at its first run, which are to be none of a simulated one's. With
		// an empty prompt nothing is sent.
		const scenario = { ...drawScenario(new Random(1)), operation: 'generate' as const };
		await engine.run(workflowOf({ ...scenario, throwsFrom: undefined }), {
			credential: { apiKey: 'none', baseUrl: 'http://localhost' },
			items: [{ json: { prompt: '', images: 1 } }],
		});
		return started;
	}

	/** Hears of the runs of the node and of its items, which n8n's hooks do not tell of. */
	private watchNode(): void {
		const type = this.engine.loaded.nodeTypes.getByNameAndVersion(
			'n8n-nodes-seaart-gpt-image-1.gptImage1',
		);
		const { execute } = type;
		const started = (name: string) => this.onNodeRun(name);
		type.execute = async function (...given) {
			const { name } = this.getNode();
			if (name === NODE || name === CREATE) started(name);
			return await execute!.apply(this, given);
		};
		for (const property of type.description.properties) this.watchItems(property);
	}

	/** n8n 2 cannot resolve an expression of the credential any more once an item has settled. */
	private watchItems({ options = [] }: INodeProperties): void {
		for (const option of options) {
			const operations = 'routing' in option ? option.routing?.operations : undefined;
			const { pagination } = operations ?? {};
			if (operations === undefined || typeof pagination !== 'function') continue;
			const isReadable = () => this.keyOutlivesItem;
			operations.pagination = async function (request) {
				let settled = false;
				const context = Object.create(this) as IExecutePaginationFunctions;
				context.getCredentials = async (type) => {
					if (settled && !isReadable()) throw new Error('No bridge acquired for this context');
					return await this.getCredentials(type);
				};
				try {
					return await pagination.call(context, request);
				} finally {
					settled = true;
				}
			};
		}
	}
}
