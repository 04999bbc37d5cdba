import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pictureSize, pictureStyle } from '../../../../src/elements/content/media/picture-size.js';

const base64 = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  ).toString('base64');
const zeros = (count: number) => Array.from({ length: count }, () => 0);

const SIZES: Readonly<Record<string, readonly [mimeType: string, data: string]>> = {
  png: [
    'image/png',
    base64('\u0089PNG\r\n\u001A\n', [0, 0, 0, 13], 'IHDR', [0, 0, 2, 0x80, 0, 0, 1, 0xe0, 8, 6, 0, 0, 0]),
  ],
  gif: ['image/gif', base64('GIF89a', [0x80, 2, 0xe0, 1, 0, 0, 0])],
  'bmp, first row on top': [
    'image/bmp',
    base64('BM', zeros(16), [0x80, 2, 0, 0], [0x20, 0xfe, 0xff, 0xff], zeros(10)),
  ],
  'jpeg behind a description': [
    'image/jpeg; q=1',
    base64([0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4], [0xff, 0xc2, 0, 11, 8, 1, 0xe0, 2, 0x80, 3, 0, 0]),
  ],
  'webp, lossy': [
    'image/webp',
    base64('RIFF', zeros(4), 'WEBPVP8 ', zeros(10), [0x80, 0x42, 0xe0, 0x41], zeros(4)),
  ],
  'webp, lossless': [
    'image/webp',
    base64('RIFF', zeros(4), 'WEBPVP8L', zeros(4), [0x2f, 0x7f, 0xc2, 0x77, 0], zeros(8)),
  ],
  'webp, extended': [
    'image/webp',
    base64('RIFF', zeros(4), 'WEBPVP8X', zeros(8), [0x7f, 2, 0, 0xdf, 1, 0], zeros(4)),
  ],
  svg: ['image/svg+xml', base64('<svg xmlns="x" stroke-width="3" width="640" height="480px"/>')],
};

describe('the size of a picture', () => {
  for (const [name, [mimeType, data]] of Object.entries(SIZES)) {
    it(`is read from its data: ${name}`, () => {
      assert.deepEqual(pictureSize(mimeType, data), { width: 640, height: 480 });
    });
  }

  it('is unknown for broken data, and never throws', () => {
    assert.equal(pictureSize('image/avif', 'AAAA'), undefined);
    assert.equal(pictureSize('image/png', base64('\u0089PNG')), undefined);
    assert.equal(pictureSize('image/svg+xml', base64('<svg viewBox="0 0 9 9"/>')), undefined);
    assert.equal(pictureSize('image/jpeg', base64([0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xe1])), undefined);
    const kinds = Object.values(SIZES);
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.nat(60),
        fc.uint8Array({ maxLength: 40 }),
        ([type, data], at, bytes) => {
          const whole = Buffer.from(data, 'base64');
          pictureSize(type, Buffer.concat([whole.subarray(0, at), bytes]).toString('base64'));
        },
      ),
    );
  });

  it('reserves the place of a picture: no wider than it is, and no higher than 360 pixels', () => {
    const style = (width: number, height: number) =>
      pictureStyle('image/svg+xml', base64(`<svg width="${width}" height="${height}">`));
    assert.match(style(640, 480), /^aspect-ratio:640\/480;.*min\(100%,480\.00px\)$/);
    assert.match(style(64, 48), /min\(100%,64\.00px\)$/);
    assert.equal(style(0, 48), '');
  });
});
