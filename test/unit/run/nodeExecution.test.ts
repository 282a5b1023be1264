import { NodeExecution } from '../../../nodes/GptImage1/run/nodeExecution';
import { Fixture, BODY } from './taskItems';

/** The runs of a node in one execution, one after the other. */

test.each([
	['once n8n has recorded it, the run before', true, 0],
	['a run that n8n has not recorded, as it may be tried again,', false, 1],
] as const)('%s has its tasks no longer when the next begins', async (_which, isRecorded, left) => {
	const { run, ...fixture } = new Fixture();
	const execution = NodeExecution.of(fixture.context, undefined);
	execution.begin(run);
	const created = { requestId: 'mmsu_1', fields: {} };
	await execution.tasks.obtain(new Fixture().item({ run }), BODY, async () => created);
	run.isRecorded = isRecorded;
	execution.begin({ index: 1, isRecorded: false });
	expect(execution.tasks.ofOthers(run, 1)).toHaveLength(left);
});
