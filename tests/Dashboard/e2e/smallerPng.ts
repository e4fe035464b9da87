import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function* chunks(png: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The pixels as RGB numbers, row by row; of what a browser writes: 8 bits per channel, not interlaced, opaque. */
function pixels(raw: Buffer, width: number, height: number, channels: number): Uint32Array {
  const stride = width * channels;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= channels ? out[at - channels]! : 0;
      const up = y > 0 ? out[at - stride]! : 0;
      const upLeft = x >= channels && y > 0 ? out[at - stride - channels]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter]!;
      out[at] = raw[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return Uint32Array.from({ length: width * height }, (_, i) => out.readUIntBE(i * channels, 3));
}

function nearest(colour: number, palette: number[]): number {
  let [best, least] = [0, Infinity];
  palette.forEach((p, i) => {
    const far = ((p >> 16) - (colour >> 16)) ** 2 + (((p >> 8) & 255) - ((colour >> 8) & 255)) ** 2 + ((p & 255) - (colour & 255)) ** 2;
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

/** With the 256 colours that a screenshot has most of, a third of its size; every other colour, at the edge of a letter, is the nearest of them. */
export function smallerPng(png: Buffer): Buffer {
  const parts = [...chunks(png)];
  const header = Buffer.from(parts[0]!.data);
  const [width, height, depth, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]];
  if (depth !== 8 || (kind !== 2 && kind !== 6)) return png;
  const raw = inflateSync(Buffer.concat(parts.filter((p) => p.type === 'IDAT').map((p) => p.data)));
  const all = pixels(raw, width, height, kind === 6 ? 4 : 3);
  const often = new Map<number, number>();
  for (const colour of all) often.set(colour, (often.get(colour) ?? 0) + 1);
  const byNumber = [...often].sort((a, b) => b[1] - a[1]);
  const palette = byNumber.slice(0, 256).map(([colour]) => colour);
  const index = new Map([...often.keys()].map((colour) => [colour, nearest(colour, palette)]));
  const rows = Buffer.alloc((width + 1) * height);
  all.forEach((colour, i) => (rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = index.get(colour)!));
  header[9] = 3;
  const colours = Buffer.from(palette.flatMap((p) => [p >> 16, (p >> 8) & 255, p & 255]));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
