import type { ContentPart } from '../../protocol/content.js';
import { base64Size } from '../content/safe-media.js';

/**
 * How many bytes the files of one answer may have together. The answer is one event of the log, which
 * takes 8 MiB, and base64 makes four bytes of three.
 */
export const MAX_FILES_BYTES = 6_000_000;

/** A file that was not added, and why. */
export interface FileProblem {
  readonly name: string;
  readonly reason: 'size' | 'unreadable';
}

/** What goes on with the files of one field. */
export interface FileNotes {
  /** Number of files being read. */
  readonly reading: number;
  readonly problems: readonly FileProblem[];
}

const NO_NOTES: FileNotes = { reading: 0, problems: [] };

/** Reads the files that a person adds to the fields of a question. */
export class FileIntake {
  readonly #notes = new Map<string, FileNotes>();
  readonly #onChange: () => void;
  #generation = 0;
  #bytesBeingRead = 0;

  /** `onChange` is called whenever the notes of a field have changed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** What goes on with the files of a field. */
  notesOf(pointer: string): FileNotes {
    return this.#notes.get(pointer) ?? NO_NOTES;
  }

  /** True while any file is being read. */
  get isReading(): boolean {
    return [...this.#notes.values()].some((notes) => notes.reading > 0);
  }

  /** Forgets everything; files that are being read are dropped. */
  reset(): void {
    this.#generation += 1;
    this.#bytesBeingRead = 0;
    this.#notes.clear();
  }

  /**
   * Reads files and hands them over one by one. Those that make the answer too large, or that cannot be
   * read, go to the notes instead. `usedBytes` is what the answer's files have already.
   */
  async add(
    pointer: string,
    files: readonly File[],
    usedBytes: number,
    onPart: (part: ContentPart) => void,
  ): Promise<void> {
    const generation = this.#generation;
    this.#update(pointer, () => NO_NOTES);
    let room = MAX_FILES_BYTES - usedBytes - this.#bytesBeingRead;
    const accepted: File[] = [];
    for (const file of files) {
      if (file.size > room) {
        this.#refuse(pointer, { name: file.name, reason: 'size' });
        continue;
      }
      room -= file.size;
      accepted.push(file);
    }
    await Promise.all(accepted.map((file) => this.#read(pointer, file, generation, onPart)));
  }

  async #read(
    pointer: string,
    file: File,
    generation: number,
    onPart: (part: ContentPart) => void,
  ): Promise<void> {
    this.#bytesBeingRead += file.size;
    this.#update(pointer, (notes) => ({ ...notes, reading: notes.reading + 1 }));
    const part = await readPart(file);
    // Another question is shown by now.
    if (generation !== this.#generation) return;
    this.#bytesBeingRead -= file.size;
    this.#update(pointer, (notes) => ({ ...notes, reading: notes.reading - 1 }));
    if (part === undefined) this.#refuse(pointer, { name: file.name, reason: 'unreadable' });
    else onPart(part);
  }

  #refuse(pointer: string, problem: FileProblem): void {
    this.#update(pointer, (notes) => ({ ...notes, problems: [...notes.problems, problem] }));
  }

  #update(pointer: string, change: (notes: FileNotes) => FileNotes): void {
    this.#notes.set(pointer, change(this.notesOf(pointer)));
    this.#onChange();
  }
}

/** A file as a piece of content; undefined when the browser cannot read it (it was moved, or is a folder). */
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

/** How many bytes the files in a value have, wherever in it they are. */
export function filesBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if ('inlineData' in value) {
    const { inlineData } = value;
    if (typeof inlineData === 'object' && inlineData !== null && 'data' in inlineData) {
      return typeof inlineData.data === 'string' ? base64Size(inlineData.data) : 0;
    }
  }
  return Object.values(value).reduce((sum: number, member) => sum + filesBytes(member), 0);
}
