import { behavioursOf, drip, type Play, pour } from './behaviour.ts';

/** First records that no handshake begins with. */
export const firstRecords = {
  'plain HTTP': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'a record of nothing': Buffer.from([22, 3, 3, 0, 0]),
  'a record that is too long': Buffer.from([22, 3, 3, 0xff, 0xff]),
  'application data at once': Buffer.from([23, 3, 3, 0, 1, 0]),
  'an alert': Buffer.from([21, 3, 3, 0, 2, 2, 112]),
  'an alert without a name': Buffer.from([21, 3, 3, 0, 2, 2, 199]),
  'a goodbye': Buffer.from([21, 3, 3, 0, 2, 1, 0]),
  'a message of another kind': Buffer.from([22, 3, 3, 0, 4, 20, 0, 0, 0]),
};

const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, content.length >> 8, content.length & 255]), content]);
const oneByteRecords = (message: Buffer) =>
  Buffer.concat([...message].map((byte) => record(22, Buffer.from([byte]))));

/** Records that go on: each once the client has said hello. */
const recordPlays: Record<string, Play> = {
  'change_cipher_spec without end': (socket) =>
    pour(socket, Buffer.alloc(24_000, Buffer.from([20, 3, 3, 0, 1, 1]))),
  'warnings without end': (socket) =>
    pour(socket, Buffer.alloc(28_000, Buffer.from([21, 3, 3, 0, 2, 1, 90]))),
  'handshake records of nothing without end': (socket) =>
    pour(socket, Buffer.alloc(25_000, Buffer.from([22, 3, 3, 0, 0]))),
  'HelloRequests without end': (socket) =>
    pour(socket, Buffer.alloc(27_000, Buffer.from([22, 3, 3, 0, 4, 0, 0, 0, 0]))),
  'a certificate message of 16 MiB': (socket) => {
    socket.write(record(22, Buffer.from([11, 0xff, 0xff, 0xff])));
    pour(socket, record(22, Buffer.alloc(16_384, 1)));
  },
  'a ServerHello of 16 MiB in records of one byte': (socket) =>
    pour(
      socket,
      Buffer.concat([record(22, Buffer.from([2, 0xff, 0xff, 0xff])), oneByteRecords(Buffer.alloc(9_000, 3))]),
    ),
  'a ServerHello a byte now and then': (socket) =>
    drip(socket, Buffer.concat([Buffer.from([22, 3, 3, 2, 0, 2, 0, 1, 0xfc, 3, 3]), Buffer.alloc(500, 9)])),
  'another alert each time': (() => {
    let number = 0;
    return (socket) => {
      number = (number + 1) % 256;
      socket.write(Buffer.from([21, 3, 3, 0, 2, 2, number]));
    };
  })(),
};

const afterHello =
  (play: Play): Play =>
  (socket) =>
    void socket.once('data', () => play(socket));

export const behaviours = behavioursOf({
  ...Object.fromEntries(
    Object.entries(firstRecords).map(([name, bytes]): [string, Play] => [
      `begins its flight with ${name}`,
      afterHello((socket) => socket.write(bytes)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(recordPlays).map(([name, play]) => [`sends ${name}`, afterHello(play)]),
  ),
});
