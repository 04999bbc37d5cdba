import { html, nothing, type TemplateResult } from 'lit';
import { base64Of } from '../../protocol/values/file-text.js';
import { isText } from '../../protocol/values/json.js';
import { plainName } from '../../protocol/values/plain-name.js';
import { valueAt } from '../../protocol/schema/json-pointer.js';
import { formatBytes } from '../strings/time-format.js';
import { icon } from '../theme/icons.js';
import {
  describedBy,
  change,
  fieldId,
  isInvalid,
  renderHint,
  renderMarks,
  renderProblem,
  type FormView,
} from './field-parts.js';
import { allowDrop, droppedFiles, hideTarget } from './file-drop.js';
import { fileProblemText, renderFileChip } from './content-input.js';
import { MAX_FILES_BYTES } from './files.js';
import type { FileField } from './model/fields.js';
import { setValue } from './model/form-draft.js';

/** Renders one file, with its name and size, and buttons to choose another one and to remove it. */
export function renderFileField(field: FileField, view: FormView): TemplateResult {
  const { strings } = view;
  const id = fieldId(field);
  const value = valueAt(view.draft.values, field.pointer);
  const label = isText(value) ? strings.replaceFile : strings.chooseFile;
  const take = (files: readonly File[]) => {
    if (files.length > 0) view.onFiles(field, files.slice(0, 1));
  };
  const status = view.fileStatusOf(field.pointer);
  const limit = formatBytes(Math.min(field.maxBytes ?? MAX_FILES_BYTES, MAX_FILES_BYTES), strings.locale);
  return html`<div
    class="field content-input ${field.isReadOnly ? '' : 'files'}"
    @dragover=${allowDrop}
    @dragleave=${hideTarget}
    @drop=${(event: DragEvent) => take(droppedFiles(event))}
  >
    <span class="label">${field.label}${renderMarks(field, view)}</span>
    ${renderHint(field, view)} ${isText(value) ? renderFile(field, value, view) : nothing}
    ${
      field.isReadOnly
        ? nothing
        : html`<div class="add-files" data-invalid=${isInvalid(field, view)}>
            <button
              type="button"
              class="button"
              id=${id}
              aria-label="${label}: ${field.label}"
              aria-describedby=${describedBy(field, view)}
              @click=${openPicker}
            >
              ${icon('attach')} ${label}
            </button>
            <input
              type="file"
              hidden
              accept=${field.accept === '' ? nothing : field.accept}
              aria-label=${label}
              @change=${(event: Event) => take(pickedFiles(event))}
            />
            <span class="hint">${strings.limitBytes(limit)}</span>
          </div>`
    }
    <div role="status" class="file-notes">
      ${status.reading > 0 ? html`<p class="hint">${strings.readingFiles(status.reading)}</p>` : nothing}
      ${status.problems.map((problem) => html`<p class="problem">${fileProblemText(problem, limit, strings)}</p>`)}
    </div>
    ${renderProblem(field, view)}
  </div>`;
}

function renderFile(field: FileField, value: string, view: FormView): TemplateResult {
  const { strings } = view;
  const name = plainName(view.draft.typed[field.pointer] ?? nameIn(value)) || strings.file;
  const remove = ({ currentTarget }: Event) => {
    const all = currentTarget instanceof Element ? currentTarget.closest('.content-input') : null;
    all?.querySelector<HTMLElement>('.add-files button')?.focus();
    change(view, field, setValue(view.form, view.draft, field.pointer, undefined));
  };
  return html`<div class="file-chip">
    ${renderFileChip({ name, data: base64Of(value), isReadOnly: field.isReadOnly, strings, onRemove: remove })}
  </div>`;
}

/** The name that some forms add to a `data:` URL. */
function nameIn(value: string): string {
  const encoded = /^data:[^,]*;name=([^;,]*)/.exec(value.slice(0, 1000))?.[1] ?? '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    // The name has a per cent sign of its own.
    return encoded;
  }
}

function openPicker({ currentTarget }: Event): void {
  const picker = currentTarget instanceof Element ? currentTarget.nextElementSibling : undefined;
  if (picker instanceof HTMLInputElement) picker.click();
}

function pickedFiles({ target }: Event): readonly File[] {
  if (!(target instanceof HTMLInputElement)) return [];
  const files = [...(target.files ?? [])];
  // Allows picking the same file again after it was removed.
  target.value = '';
  return files;
}
