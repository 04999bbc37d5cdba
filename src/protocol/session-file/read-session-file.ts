import { parseEvent, type GraphRunEvent } from '../events.js';
import { isJsonObject } from '../values/json.js';
import { GraphRunError } from '../problems.js';
import {
  notASessionFile,
  parseHeader,
  type SessionFile,
  type SessionFileHeader,
  type SessionFileProblem,
} from './session-file.js';

/** A line may be as long as the largest event, and some more. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;
/** The first line has only texts that are short. */
const MAX_HEADER_CHARS = 1024 * 1024;

/**
 * Reads a session file from its text, in pieces of any size. Trusts nothing in it: what can be read up to a problem is
 * returned together with the problem.
 *
 * @throws GraphRunError `not-a-session-file` or `newer-session-file`. Whatever `pieces` throws.
 */
export async function readSessionFile(
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<SessionFile> {
  const reader = new SessionFileReader();
  // Joined only when the line is whole: joining with every piece would take quadratic time.
  let parts: string[] = [];
  let chars = 0;
  for await (const piece of pieces) {
    const [first = '', ...others] = piece.split('\n');
    parts.push(first);
    chars += first.length;
    // Something that is no session file may be one endless line.
    if (chars > (reader.hasHeader ? MAX_LINE_CHARS : MAX_HEADER_CHARS)) return reader.giveUp();
    const last = others.pop();
    if (last === undefined) continue;
    if (![parts.join(''), ...others].every((line) => reader.readLine(line))) return reader.finish();
    parts = [last];
    chars = last.length;
  }
  const rest = parts.join('');
  if (rest.trim() !== '') reader.readLastLine(rest);
  return reader.finish();
}

class SessionFileReader {
  #header: SessionFileHeader | undefined;
  #line = 0;
  #isOver = false;
  #hasEnd = false;
  #problem: SessionFileProblem | undefined;
  readonly #events: GraphRunEvent[] = [];

  get hasHeader(): boolean {
    return this.#header !== undefined;
  }

  /** Reads the next line; false when nothing after it counts. */
  readLine(text: string): boolean {
    this.#line += 1;
    if (!this.#read(text)) this.#stop();
    return !this.#isOver;
  }

  /** Reads no further, because the next line is too long. */
  giveUp(): SessionFile {
    this.#line += 1;
    this.#stop();
    return this.finish();
  }

  /** Reads a line without a line feed. One that cannot be read was cut by the end of the file. */
  readLastLine(text: string): void {
    this.#line += 1;
    this.#read(text);
  }

  finish(): SessionFile {
    const header = this.#header;
    if (header === undefined) throw notASessionFile();
    const events = this.#events;
    const cut = { kind: 'cut' as const, events: events.length, expected: header.events };
    const problem = this.#problem ?? (this.#hasEnd ? undefined : cut);
    return { header, events, ...(problem === undefined ? {} : { problem }) };
  }

  #stop(): void {
    this.#problem = { kind: 'damaged', line: this.#line, events: this.#events.length };
    this.#isOver = true;
  }

  #read(text: string): boolean {
    const value = parsed(text);
    if (this.#header === undefined) {
      // A byte order mark is what some editors add.
      this.#header = parseHeader(value ?? parsed(text.replace(/^\uFEFF/, '')));
      return true;
    }
    if (isJsonObject(value) && value['type'] === undefined && typeof value['end'] === 'number') {
      this.#hasEnd = value['end'] === this.#events.length;
      this.#isOver = true;
      return this.#hasEnd;
    }
    const event = readEvent(value);
    const last = this.#events.at(-1);
    // Each event once and in the order of the log; redaction may have left some out.
    if (event === undefined || (last !== undefined && event.index <= last.index)) return false;
    this.#events.push(event);
    return true;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readEvent(value: unknown): GraphRunEvent | undefined {
  try {
    return parseEvent(value);
  } catch (error) {
    if (error instanceof GraphRunError) return undefined;
    throw error;
  }
}
