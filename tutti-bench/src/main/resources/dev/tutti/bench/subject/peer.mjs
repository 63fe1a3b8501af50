// Socket.IO's own server, obeying the commands of dev.tutti.bench.subject.MeasuredProcess: run <milliseconds>,
// steady <per second> <milliseconds>, memory. Arguments: <message bytes> <window> [<url of the Redis between several>].
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Server } from 'socket.io';

setFlagsFromString('--expose_gc');
const gc = runInNewContext('gc');
const size = Number(process.argv[2]);
const window = Number(process.argv[3]);
const filler = '.'.repeat(size - '42["m",""]'.length - 17);

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => {
  socket.on('room', (ack) => {
    socket.join('bench');
    ack();
  });
});

if (process.argv[4]) {
  const { createAdapter } = await import('@socket.io/redis-adapter');
  const { createClient } = await import('redis');
  const publishing = createClient({ url: process.argv[4] });
  const subscribing = publishing.duplicate();
  await Promise.all([publishing.connect(), subscribing.connect()]);
  io.adapter(createAdapter(publishing, subscribing));
}

const givers = new Set(); // of {credits}
let latest = 0n;
let wake = () => {};
const creditServer = createTcpServer((socket) => {
  const giver = { credits: window };
  givers.add(giver);
  socket.write('.'); // from now on its credits count
  socket.on('data', (bytes) => {
    giver.credits += bytes.length;
    latest = process.hrtime.bigint();
    wake();
  });
  socket.on('close', () => givers.delete(giver));
  socket.on('error', () => givers.delete(giver));
});

const until = async (enough) => {
  while (![...givers].every(enough)) {
    await new Promise((resolve) => { wake = resolve; });
  }
};

const send = () => {
  givers.forEach((giver) => { giver.credits -= 1; });
  io.to('bench').emit('m', '@' + process.hrtime.bigint().toString(16).padStart(16, '0') + filler);
};

const steady = async (perSecond, milliseconds) => {
  const began = process.hrtime.bigint();
  const end = began + BigInt(milliseconds) * 1_000_000n;
  const interval = 1_000_000_000n / BigInt(perSecond);
  let sent = 0;
  for (let due = began; due < end; due += interval) {
    while (process.hrtime.bigint() < due) {
      await new Promise((resolve) => { setTimeout(resolve, Number((due - process.hrtime.bigint()) / 1_000_000n)); });
    }
    await until((giver) => giver.credits > 0);
    send();
    sent += 1;
  }
  await until((giver) => giver.credits === window);
  return `sent=${sent} nanos=${latest - began}`;
};

const run = async (milliseconds) => {
  const began = process.hrtime.bigint();
  const end = began + BigInt(milliseconds) * 1_000_000n;
  let sent = 0;
  do {
    await until((giver) => giver.credits > 0);
    send();
    sent += 1;
    await new Promise(setImmediate); // lets the sockets have their turn
  } while (process.hrtime.bigint() < end);
  await until((giver) => giver.credits === window);
  return `sent=${sent} nanos=${latest - began}`;
};

const memory = () => {
  gc();
  gc();
  const { rss, heapUsed } = process.memoryUsage();
  return `resident=${rss} heap=${heapUsed}`;
};

http.listen(0, '127.0.0.1', () => creditServer.listen(0, '127.0.0.1', () => {
  console.log(`> ok port=${http.address().port} credits=${creditServer.address().port}`);
}));

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const [command, ...words] = line.split(' ');
    const commands = { run, steady, memory };
    try {
      console.log('> ok ' + await commands[command](...words));
    } catch (failure) {
      console.log('> failed ' + String(failure).replaceAll('\n', ' '));
    }
  })
  .on('close', () => process.exit(0));
