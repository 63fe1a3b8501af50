// graphile-worker as a process that obeys the lines of the benchmark: node graphile.mjs <url> <jobs at a time> <port>
// It says the number of each job that runs, a line each, to the port of this machine.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { run, runMigrations } from 'graphile-worker';

const [connectionString, concurrency, port] = process.argv.slice(2);
const quiet = { error: console.error, warn() {}, info() {}, debug() {} };
const { Logger } = await import('graphile-worker');
const logger = new Logger(() => (level, message) => level === 'error' && console.error(message));
const told = connect(Number(port), '127.0.0.1');
await runMigrations({ connectionString, logger });
let runner;

console.log('ready=1');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'start') {
    runner = await run({
      connectionString,
      concurrentJobs: Number(concurrency),
      maxPoolSize: Number(concurrency) + 4,
      noHandleSignals: true,
      logger,
      taskList: { bench: ({ number }) => { told.write(`${number}\n`); } },
    });
    console.log('started=1');
  }
}
await runner?.stop();
process.exit(0);
