import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  base64Size,
  decodeText,
  downloadDataUrl,
  mediaDataUrl,
  mediaKind,
  safeUrl,
} from '../../../../src/elements/content/media/safe-media.js';

describe('URLs from a run', () => {
  it('may be http, https and blob', () => {
    assert.equal(safeUrl('https://example.com/a'), 'https://example.com/a');
    assert.equal(safeUrl('files/a.png', 'https://example.com/api/'), 'https://example.com/api/files/a.png');
  });

  for (const url of [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'not a url',
  ]) {
    it(`are refused: ${JSON.stringify(url)}`, () => {
      assert.equal(safeUrl(url), undefined);
    });
  }

  it('are refused with a base, too', () => {
    assert.equal(safeUrl('javascript:alert(1)', 'https://example.com/'), undefined);
  });
});

describe('data from a run', () => {
  it('is shown by its type if that is harmless', () => {
    assert.equal(mediaKind('image/png'), 'image');
    assert.equal(mediaKind('IMAGE/PNG; charset=x'), 'image');
    assert.equal(mediaKind('audio/mpeg'), 'audio');
    assert.equal(mediaKind('video/mp4'), 'video');
    assert.equal(mediaKind('text/html;charset=utf-8'), 'html');
    assert.equal(mediaKind('application/ld+json'), 'json');
    assert.equal(mediaKind('text/markdown'), 'text');
    assert.equal(mediaKind('application/pdf'), 'file');
    assert.equal(mediaKind('image/x-unknown'), 'file');
    assert.equal(mediaKind('image/png,<script>'), 'file');
  });

  it('becomes a URL only with an allowed type and valid base64', () => {
    assert.equal(mediaDataUrl('image/png', 'AAAA'), 'data:image/png;base64,AAAA');
    assert.equal(mediaDataUrl('text/html', 'AAAA'), undefined);
    assert.equal(mediaDataUrl('image/png', '"><script>'), undefined);
    assert.equal(mediaDataUrl('audio/ogg', 'A-_A'), 'data:audio/ogg;base64,A+/A');
  });

  it('is downloaded with a type that no browser displays', () => {
    assert.equal(downloadDataUrl('AAAA'), 'data:application/octet-stream;base64,AAAA');
  });

  it('is decoded as UTF-8', () => {
    assert.equal(decodeText(Buffer.from('grüne Bohnen 🫛').toString('base64')), 'grüne Bohnen 🫛');
    assert.equal(decodeText('***'), undefined);
    assert.equal(decodeText('A'), undefined);
  });

  it('has the size of its bytes', () => {
    assert.equal(base64Size(Buffer.from('12345').toString('base64')), 5);
  });
});
