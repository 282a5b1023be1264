// Loaded into n8n before anything else: when the process that started it is gone, even killed
// without a chance to clean up, n8n ends too. Otherwise it would keep its port and its memory.
process.on('disconnect', () => {
	// Nobody reads what it prints any more; to fail over that would keep it from ending.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	process.kill(process.pid, 'SIGTERM');
	setTimeout(() => process.exit(1), 10_000).unref();
});
// The channel serves for nothing else, and must not keep a finished n8n command alive.
process.channel?.unref();
