// Live clients for the benchmark "live": node clients.mjs KIND URL COUNT SILENT SECONDS [FILE]
//   signalr   @microsoft/signalr, each watches everything and notes what it is told
//   bare      plain WebSockets that count what they get
// SILENT more of the same kind stop reading once they watch. FILE gets one second of messages, as
// they are on the wire. Writes one line of JSON at the end; "ready" on a line once all watch.
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';

const require = createRequire(new URL('../../../frontend/web/package.json', import.meta.url));
const { HubConnectionBuilder, HttpTransportType, JsonHubProtocol, LogLevel } =
  require('@microsoft/signalr');
const WebSocket = require('ws');

const [kind, url, count, silent, seconds, file] = process.argv.slice(2);
const Separator = '\x1e';
const MostUpdatesPerSecond = 20;
const clients = [];
const captured = [];
let measuring = false;
let deliveries = 0;
let bytes = 0;
let gaps = 0;

/** Reads of an update only what is measured: two thousand clients share one processor here. */
class LeanProtocol extends JsonHubProtocol {
  constructor(took) { super(); this.took = took; }

  parseMessages(input, logger) {
    const messages = [];
    for (const text of input.split(Separator)) {
      if (text === '') continue;
      if (text.startsWith('{"type":1,"target":"update"')) this.took(text);
      else messages.push(...super.parseMessages(text + Separator, logger));
    }
    return messages;
  }
}

/** What a client saw: pairs of a time and a count, in room made before, so that nothing is collected. */
class Seen {
  #pairs = new Float64Array(2 * MostUpdatesPerSecond * Number(seconds));
  #length = 0;

  push(at, count) {
    if (this.#length === this.#pairs.length) throw new Error('More updates than anybody expects.');
    this.#pairs[this.#length++] = at;
    this.#pairs[this.#length++] = count;
  }

  toJSON() {
    return Array.from(
      { length: this.#length / 2 }, (_, at) => [this.#pairs[2 * at], this.#pairs[2 * at + 1]]);
  }
}

function signalr() {
  const client = { seen: new Seen(), sequence: 0, ended: false };
  const took = (text) => {
    const sequence = Number(/"sequence":(\d+)/.exec(text)[1]);
    if (!measuring) { client.sequence = sequence; return; }
    if (client.sequence > 0 && sequence !== client.sequence + 1) gaps++;
    client.sequence = sequence;
    deliveries++;
    bytes += text.length;
    client.seen.push(performance.timeOrigin + performance.now(),
      Number(/"aggregated":(\d+)/.exec(text)[1]));
    if (client === clients[0] && file) captured.push(text + Separator);
  };
  const hub = new HubConnectionBuilder()
    .withUrl(`${url}/live`, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .withHubProtocol(new LeanProtocol(took))
    .configureLogging(LogLevel.None)
    .build();
  hub.onclose(() => { client.ended = true; });
  client.open = () => hub.start().then(() => hub.invoke('Watch', {}));
  return client;
}

function bare() {
  const client = { seen: new Seen(), ended: false };
  client.open = () => new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws') + '/live', { perMessageDeflate: false });
    socket.on('open', resolve);
    socket.on('error', reject);
    socket.on('close', () => { client.ended = true; });
    socket.on('message', (data) => {
      if (!measuring) return;
      deliveries++;
      bytes += data.length;
    });
  });
  return client;
}

/** A WebSocket by hand, because the library reads on: asks to watch, and then takes nothing. */
function silentClient() {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', reject);
    socket.write(`GET /live HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\n`
      + 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
      + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    socket.once('data', () => {
      socket.pause();
      if (kind === 'signalr') {
        socket.write(frame('{"protocol":"json","version":1}'));
        socket.write(frame('{"type":1,"invocationId":"0","target":"Watch","arguments":[{}]}'));
      }
      socket.on('error', () => undefined); // it is cut off in the end
      resolve();
    });
  });
}

function frame(text) {
  const data = Buffer.from(text + Separator);
  return Buffer.concat([Buffer.from([0x81, 0x80 | data.length, 0, 0, 0, 0]), data]);
}

for (let i = 0; i < Number(count); i++) clients.push(kind === 'signalr' ? signalr() : bare());
for (let i = 0; i < clients.length; i += 50) {
  await Promise.all(clients.slice(i, i + 50).map((client) => client.open()));
}
for (let i = 0; i < Number(silent); i++) await silentClient();
measuring = true;
console.log('ready');
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
measuring = false;
if (file) writeFileSync(file, JSON.stringify(captured.slice(-4)));
const ended = clients.filter((client) => client.ended).length;
const seen = clients.map((client) => client.seen);
process.stdout.write(`${JSON.stringify({ deliveries, bytes, gaps, ended, seen })}\n`,
  () => process.exit(0));
