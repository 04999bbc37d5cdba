/** A frame of a stream that has data. */
export interface TextFrame {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** Reads the frames of a chunk as the server writes it: whole frames, each line `name: value`. */
export function framesOf(chunk: string): readonly TextFrame[] {
  return chunk.split('\n\n').flatMap((text) => {
    const fields = new Map<string, string>();
    for (const line of text.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
    }
    const data = fields.get('data');
    return data === undefined
      ? []
      : [{ event: fields.get('event') ?? 'message', data, id: fields.get('id') }];
  });
}
