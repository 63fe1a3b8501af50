// graphile-worker, obeying one command of dev.tutti.bench.job.GraphileWorker: start. The database is DATABASE_URL.
// Arguments: <jobs at a time> <jobs fetched at a time, 0 for one by each runner> <port that is told which jobs have run>.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Logger, run, runMigrations } from 'graphile-worker';

const [concurrentJobs, fetched, port] = process.argv.slice(2).map(Number);
const batches = fetched > 0
  ? { localQueue: { size: fetched }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
  : {};
const logger = new Logger(() => (level, message) => level === 'error' && console.error(message));
const preset = {
  worker: {
    connectionString: process.env.DATABASE_URL,
    concurrentJobs,
    maxPoolSize: Math.max(10, concurrentJobs + 2),
    logger,
    ...batches,
  },
};

const told = connect(port, '127.0.0.1');
told.on('error', () => process.exit(1)); // nobody counts any more
told.setNoDelay(true);

const bench = ({ number }) => {
  if (told.writableCorked === 0) { // what has run in this turn of the loop goes in one write
    told.cork();
    setImmediate(() => told.uncork());
  }
  told.write(`${number}\n`);
};

let runner;
const start = async () => {
  runner = await run({ preset, noHandleSignals: true, taskList: { bench } });
  return '';
};

await runMigrations({ preset });
console.log('> ok ');

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    try {
      const commands = { start };
      console.log('> ok ' + await commands[line]());
    } catch (failure) {
      console.log('> failed ' + String(failure).replaceAll('\n', ' '));
    }
  })
  .on('close', async () => {
    await runner?.stop();
    process.exit(0);
  });
