// Socket.IO's own server, obeying the commands of dev.tutti.bench.subject.Serving: run <milliseconds>, memory.
// Arguments: <message bytes> <window>.
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

const run = async (milliseconds) => {
  const began = process.hrtime.bigint();
  const end = began + BigInt(milliseconds) * 1_000_000n;
  let sent = 0;
  do {
    await until((giver) => giver.credits > 0);
    givers.forEach((giver) => { giver.credits -= 1; });
    io.to('bench').emit('m', '@' + process.hrtime.bigint().toString(16).padStart(16, '0') + filler);
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
    const [command, argument] = line.split(' ');
    try {
      console.log('> ok ' + (command === 'run' ? await run(argument) : memory()));
    } catch (failure) {
      console.log('> failed ' + String(failure).replaceAll('\n', ' '));
    }
  })
  .on('close', () => process.exit(0));
