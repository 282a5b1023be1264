import type { Readable } from 'node:stream';
import { Container, core } from '../harness/n8n';

/**
 * Binary storage in the place of n8n's file storage, read from in the same way: as a stream that
 * may break. Nothing real is written, so time can stand still while it stores.
 */
export class MemoryStorage {
	private files = new Map<string, Buffer>();
	/** How many files it could not keep. */
	failures = 0;
	private failing = () => false;

	/** Puts itself where n8n looks for its storage. */
	static install(): MemoryStorage {
		const storage = new MemoryStorage();
		const service = Container.get(core.BinaryDataService) as unknown as {
			mode: string;
			managers: Record<string, unknown>;
		};
		service.mode = 'filesystem-v2';
		service.managers['filesystem-v2'] = storage;
		return storage;
	}

	/** Begins a new sim: empty, and full now and then. */
	empty(failing: () => boolean): void {
		this.files = new Map();
		this.failures = 0;
		this.failing = failing;
	}

	async store(_location: unknown, content: Buffer | Readable) {
		const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(await content.toArray());
		if (this.failing()) {
			this.failures++;
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
		}
		const fileId = `file-${this.files.size}`;
		this.files.set(fileId, bytes);
		return { fileId, fileSize: bytes.length };
	}

	async getAsBuffer(fileId: string): Promise<Buffer> {
		const bytes = this.files.get(fileId);
		if (!bytes) throw new Error(`No file ${fileId}`);
		return bytes;
	}

	/** The bytes behind what an item refers to. */
	bytesOf(id: string | undefined): Buffer | undefined {
		return this.files.get(id?.split(':')[1] ?? '');
	}
}
