import { plainName } from '../../protocol/values/plain-name.js';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { contentText, type ContentPart, type LLMContent } from '../../protocol/content.js';
import type { TextInputKind } from '../../protocol/questions/interactions.js';
import { base64Size, mediaDataUrl, mediaKind } from '../content/media/safe-media.js';
import type { PanelStrings } from '../strings/english.js';
import { formatBytes } from '../strings/time-format.js';
import { icon } from '../theme/icons.js';
import { afterUpdate } from './field-parts.js';
import { allowDrop, droppedFiles, hideTarget } from './file-drop.js';
import { MAX_FILES_BYTES, type FileStatus, type FileProblem } from './files.js';

/** Props of a control for text and files. */
export interface ContentInputView {
  readonly id: string;
  readonly inputKind: TextInputKind;
  /** The file types to pick from, as in the `accept` attribute; empty for all. */
  readonly accept: string;
  readonly content: LLMContent;
  readonly fileStatus: FileStatus;
  /** Accessible name, when no `<label>` refers to the control. */
  readonly label: string | typeof nothing;
  /** Label of the field that the files are for; absent when they are the answer as a whole. */
  readonly fieldLabel?: string;
  /** Ids of the elements that describe the control. */
  readonly describedBy: string | typeof nothing;
  readonly isInvalid: boolean;
  readonly isRequired: boolean;
  readonly isReadOnly?: boolean;
  readonly strings: PanelStrings;
  readonly onChange: (content: LLMContent) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/**
 * Renders a text area that grows with its text, together with a list of files if the answer may have some.
 */
export function renderContentInput(input: ContentInputView): TemplateResult {
  const { inputKind } = input;
  if (inputKind === 'text') return html`<div class="content-input">${renderText(input)}</div>`;
  if (input.isReadOnly === true) {
    return html`<div class="content-input">${renderText(input)} ${renderFileList(input)}</div>`;
  }
  return html`<div
    class="content-input ${inputKind}"
    @dragover=${allowDrop}
    @dragleave=${hideTarget}
    @drop=${(event: DragEvent) => {
      const files = droppedFiles(event);
      if (files.length > 0) input.onFiles(files);
    }}
    @paste=${(event: ClipboardEvent) => takePasted(event, input)}
  >
    ${inputKind === 'files' ? [renderFiles(input), renderText(input)] : [renderText(input), renderFiles(input)]}
  </div>`;
}

function renderText(input: ContentInputView): TemplateResult {
  const { id, inputKind, content, strings } = input;
  return html`<textarea
    class="input grows"
    id=${id}
    rows=${rowsOf(contentText(content))}
    placeholder=${inputKind === 'files' ? strings.notePlaceholder : strings.answerPlaceholder}
    dir="auto"
    aria-label=${input.label}
    aria-describedby=${input.describedBy}
    aria-invalid=${input.isInvalid && inputKind !== 'files' ? 'true' : nothing}
    aria-required=${input.isRequired && inputKind !== 'files' ? 'true' : nothing}
    ?readonly=${input.isReadOnly === true}
    .value=${live(contentText(content))}
    @input=${(event: Event) => input.onChange(contentOf(enteredText(event), filesOf(content)))}
  ></textarea>`;
}

/** Text and files as one content. */
function contentOf(text: string, files: readonly ContentPart[]): LLMContent {
  return { role: 'user', parts: [...(text === '' ? [] : [{ text }]), ...files] };
}

/** The parts of a content that are not text. */
function filesOf(content: LLMContent): readonly ContentPart[] {
  return content.parts.filter((part) => part.text === undefined);
}

/** The current text of the text control that an event comes from. */
export function enteredText({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : '';
}

/** The number of rows, for browsers in which a text area does not grow by itself. */
function rowsOf(text: string): number {
  const lines = text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / 80), 0);
  return Math.min(14, lines);
}

function takePasted(event: ClipboardEvent, input: ContentInputView): void {
  const files = [...(event.clipboardData?.files ?? [])];
  // Pasted text is left to the text area: cells and paragraphs of office programs come with a picture of themselves.
  if (files.length === 0 || (event.clipboardData?.getData('text/plain') ?? '') !== '') return;
  event.preventDefault();
  input.onFiles(files);
}

function renderFileList(input: ContentInputView): TemplateResult | typeof nothing {
  const files = filesOf(input.content);
  if (files.length === 0) return nothing;
  return html`<ul class="file-list">
    ${files.map((part) => renderChip(part, input))}
  </ul>`;
}

function renderFiles(input: ContentInputView): TemplateResult {
  const { fileStatus, strings } = input;
  const limit = formatBytes(MAX_FILES_BYTES, strings.locale);
  return html`
    ${renderFileList(input)}
    <div class="add-files" data-invalid=${input.isInvalid && input.inputKind === 'files' ? 'true' : nothing}>
      <button
        type="button"
        class="button"
        aria-label=${input.fieldLabel === undefined ? nothing : `${strings.addFiles}: ${input.fieldLabel}`}
        aria-describedby="${input.id}-limit"
        @click=${openPicker}
      >
        ${icon('attach')} ${strings.addFiles}
      </button>
      <input
        type="file"
        hidden
        multiple
        accept=${input.accept === '' ? nothing : input.accept}
        aria-label=${strings.addFiles}
        @change=${(event: Event) => takePicked(event, input)}
      />
      <span class="hint" id="${input.id}-limit">${strings.filesHint(limit)}</span>
    </div>
    <div role="status" class="file-notes">
      ${fileStatus.reading > 0 ? html`<p class="hint">${strings.readingFiles(fileStatus.reading)}</p>` : nothing}
      ${fileStatus.problems.map((problem) => html`<p class="problem">${fileProblemText(problem, limit, strings)}</p>`)}
    </div>
  `;
}

function openPicker({ currentTarget }: Event): void {
  const picker = currentTarget instanceof Element ? currentTarget.nextElementSibling : undefined;
  if (picker instanceof HTMLInputElement) picker.click();
}

function takePicked({ target }: Event, input: ContentInputView): void {
  if (!(target instanceof HTMLInputElement)) return;
  const files = [...(target.files ?? [])];
  // Allows picking the same file again after it was removed.
  target.value = '';
  if (files.length > 0) input.onFiles(files);
}

function renderChip(part: ContentPart, input: ContentInputView): TemplateResult {
  const { content, strings, onChange } = input;
  const { mimeType = '', data, title } = part.inlineData ?? {};
  const named = title ?? part.storedData?.handle ?? part.fileData?.fileUri ?? '';
  const name = plainName(named) || strings.file;
  const url =
    data !== undefined && data !== '' && mediaKind(mimeType) === 'image'
      ? mediaDataUrl(mimeType, data)
      : undefined;
  const remove = ({ currentTarget }: Event) => {
    const all = currentTarget instanceof Element ? currentTarget.closest('.content-input') : null;
    const position = filesOf(content).indexOf(part);
    // The last button disappears with its file, and focus must not get lost.
    all?.querySelector<HTMLElement>('.add-files button')?.focus();
    onChange({ ...content, parts: content.parts.filter((other) => other !== part) });
    if (all === null) return;
    afterUpdate(all, () => {
      const buttons = all.querySelectorAll<HTMLElement>('.file-chip button');
      (buttons[position] ?? buttons[position - 1])?.focus();
    });
  };
  return html`<li class="file-chip">
    ${renderFileChip({ url, name, data, isReadOnly: input.isReadOnly === true, strings, onRemove: remove })}
  </li>`;
}

/** Props of a file among the files of an answer. */
export interface FileChipView {
  /** URL of its picture; undefined for an icon. */
  readonly url?: string | undefined;
  readonly name: string;
  /** Its bytes in base64; undefined when only their place is known. */
  readonly data: string | undefined;
  /** True: it cannot be removed. */
  readonly isReadOnly: boolean;
  readonly strings: PanelStrings;
  readonly onRemove: (event: Event) => void;
}

/** Renders the inside of a `.file-chip`: picture or icon, name, size and the button that removes it. */
export function renderFileChip(view: FileChipView): TemplateResult {
  const { url, name, data, isReadOnly, strings, onRemove } = view;
  return html`${url === undefined ? icon('file') : html`<img src=${url} alt="" />`}
    <span class="file-name" dir="auto">${name}</span>
    ${data === undefined ? nothing : html`<span class="hint">${formatBytes(base64Size(data), strings.locale)}</span>`}
    ${
      isReadOnly
        ? nothing
        : html`<button
            type="button"
            class="icon-button"
            aria-label=${strings.removeFile(name)}
            @click=${onRemove}
          >
            ${icon('close')}
          </button>`
    }`;
}

/** Says why a file was not added. */
export function fileProblemText({ name, reason }: FileProblem, limit: string, strings: PanelStrings): string {
  return reason === 'size' ? strings.filesTooLarge(name, limit) : strings.fileUnreadable(name);
}
