import { answerInProcess, ConnectionFault } from '../../engine/inProcessHttp';
import { SimulatedTime } from '../../engine/simulatedTime';
import { startEngine } from '../../engine/engine';
import { imageWorkflow } from '../bench';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
test.each(['legacy', 'quickjs'] as const)('simulated, %s', async (expressions) => {
	const engine = await startEngine({ expressions });
	const t: any = {}; let polls = 0; const urls: string[] = [];
	const undo = answerInProcess(async (q) => {
		urls.push(q.method + ' ' + q.url.slice(-20) + ' ' + (q.headers.Authorization ?? ''));
		await new Promise((r) => setTimeout(r, 120));
		if (q.url.endsWith('/gpt_image_1')) { t.at = Date.now(); return { status: 200, body: { request_id: 'mmsu_1' } }; }
		if (q.url.endsWith('/cancel')) return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
		if (q.url.includes('cdn')) return { status: 200, headers: { 'content-type': 'image/png' }, body: png };
		polls++; if (polls === 3) throw new ConnectionFault('ECONNRESET'); if (polls === 4) return { status: 503, body: '<html>' };
		if (q.url.endsWith('/status')) return { status: 200, body: { request_id: 'mmsu_1', status: Date.now() - t.at > 3600e3 ? 'COMPLETED' : 'IN_PROGRESS' } };
		return { status: 200, body: { request_id: 'mmsu_1', outputs: [{ type: 'image', url: 'https://cdn.example/1.png' }] } };
	});
	const opts = { credential: { apiKey: 'k', baseUrl: 'https://api.example/model' } };
	await SimulatedTime.during(async (time) => {
		const e = await time.settle(engine.run(imageWorkflow({ prompt: "={{ 'a' + 1 }}", options: { timeout: 86400 } }), opts));
		console.log(e.status, e.error?.message, e.rows('Image').length, polls, e.logs.filter(l=>l.level!=='debug').map(l=>l.level+' '+l.message));
		expect(e.status).toBe('success');
		const run = engine.start(imageWorkflow({ prompt: 'x', options: { timeout: 86400 } }), opts); await time.pass(60_000); run.stop(); const s = await time.settle(run.ended); await time.pass(5000); expect(s.status).toBe('canceled'); console.log(urls.slice(-3));
	});
	undo(); await engine.stop();
}, 60000);
