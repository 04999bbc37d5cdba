import type { ContentPart } from '../../protocol/content.js';
import { base64Of, isFileText } from '../../protocol/values/file-text.js';
import { base64Size } from '../content/media/safe-media.js';

/**
 * The largest total size of the files of one answer, in bytes. An answer is one event of the log, which
 * holds at most 8 MiB, and base64 turns three bytes into four.
 */
export const MAX_FILES_BYTES = 6_000_000;

/** A file that was not added, and the reason. */
export interface FileProblem {
  readonly name: string;
  readonly reason: 'size' | 'unreadable';
}

/** The files being read for one field, and those that were not added. */
export interface FileStatus {
  /** Number of files being read. */
  readonly reading: number;
  readonly problems: readonly FileProblem[];
}

const NO_FILES: FileStatus = { reading: 0, problems: [] };

/** Reads the files that a person adds to the fields of a question, and keeps the order in which they were chosen. */
export class FileIntake {
  readonly #status = new Map<string, FileStatus>();
  /** For each field, when the files that it got so far are read. */
  readonly #read = new Map<string, Promise<void>>();
  readonly #onChange: () => void;
  #generation = 0;
  #bytesBeingRead = 0;

  /** `onChange` is called whenever the status of a field has changed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** The status of the files of a field. */
  fileStatusOf(pointer: string): FileStatus {
    return this.#status.get(pointer) ?? NO_FILES;
  }

  /** True while any file is being read. */
  get isReading(): boolean {
    return [...this.#status.values()].some((status) => status.reading > 0);
  }

  /** Forgets everything; files that are being read are discarded. */
  reset(): void {
    this.#generation += 1;
    this.#bytesBeingRead = 0;
    this.#status.clear();
    this.#read.clear();
  }

  /**
   * Reads files, all at once, and passes them to `onPart` one by one in their order, after those that the field got before.
   * Files that make the answer too large, or that cannot be read, become problems of the status instead. `usedBytes` is the
   * total size of the answer's files so far. Never rejects.
   */
  async add(
    pointer: string,
    files: readonly File[],
    usedBytes: number,
    onPart: (part: ContentPart) => void,
  ): Promise<void> {
    this.#update(pointer, (status) => ({ ...status, problems: [] }));
    let room = MAX_FILES_BYTES - usedBytes - this.#bytesBeingRead;
    const accepted: File[] = [];
    for (const file of files) {
      if (file.size > room) {
        this.#refuse(pointer, { name: file.name, reason: 'size' });
        continue;
      }
      room -= file.size;
      this.#bytesBeingRead += file.size;
      accepted.push(file);
    }
    this.#update(pointer, (status) => ({ ...status, reading: status.reading + accepted.length }));
    const read = this.#readInOrder(pointer, accepted, onPart);
    this.#read.set(pointer, read);
    await read;
  }

  async #readInOrder(
    pointer: string,
    files: readonly File[],
    onPart: (part: ContentPart) => void,
  ): Promise<void> {
    const generation = this.#generation;
    const parts = files.map((file) => readPart(file));
    await this.#read.get(pointer);
    for (const [index, file] of files.entries()) {
      const part = await parts[index];
      // The card shows another question by now.
      if (generation !== this.#generation) return;
      this.#bytesBeingRead -= file.size;
      this.#update(pointer, (status) => ({ ...status, reading: status.reading - 1 }));
      if (part === undefined) this.#refuse(pointer, { name: file.name, reason: 'unreadable' });
      else onPart(part);
    }
  }

  #refuse(pointer: string, problem: FileProblem): void {
    this.#update(pointer, (status) => ({ ...status, problems: [...status.problems, problem] }));
  }

  #update(pointer: string, change: (status: FileStatus) => FileStatus): void {
    this.#status.set(pointer, change(this.fileStatusOf(pointer)));
    this.#onChange();
  }
}

/**
 * Reads a file as a part of content; undefined when the browser cannot read it (it was moved, or is a
 * folder).
 */
function readPart(file: File): Promise<ContentPart | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => resolve(undefined));
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      const data = url.slice(url.indexOf(',') + 1);
      const mimeType = file.type === '' ? 'application/octet-stream' : file.type;
      resolve({ inlineData: { mimeType, data: file.size === 0 ? '' : data, title: file.name } });
    });
    reader.readAsDataURL(file);
  });
}

/** The total size of all files anywhere in a value, in bytes. */
export function filesBytes(value: unknown): number {
  if (isFileText(value)) return base64Size(base64Of(value));
  if (typeof value !== 'object' || value === null) return 0;
  if ('inlineData' in value) {
    const { inlineData } = value;
    if (typeof inlineData === 'object' && inlineData !== null && 'data' in inlineData) {
      return typeof inlineData.data === 'string' ? base64Size(inlineData.data) : 0;
    }
  }
  return Object.values(value).reduce((sum: number, member) => sum + filesBytes(member), 0);
}
