import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { JsonValue } from '../../protocol/values/json.js';
import { EXPORTED_PARTS } from '../base/part-names.js';
import { ClipboardCopy, copyText } from '../base/clipboard-copy.js';
import { icon } from '../theme/icons.js';
import { jsonText } from './json-text.js';
import {
  JsonNode,
  lineText,
  openAtFirst,
  visibleLines,
  type JsonLine,
  type TreeValue,
} from './json-tree-model.js';
import { jsonTreeStyles } from './json-tree.styles.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';
import { pressedKey } from '../base/pressed-key.js';

/** Maximum level of indentation, or no space would be left for the text of a line. */
const MAX_INDENT = 20;

/**
 * An object or array as a tree whose lines are JSON. A small one is shown in full, a large one as far as a
 * person opens it. Keyboard: arrows, Home, End, Enter, Space. Part of `<sessions-panel>`.
 */
export class JsonTree extends LitElement {
  static override styles = [...theme, jsonTreeStyles];
  static override properties = {
    value: { attribute: false },
    source: { attribute: false },
    label: { attribute: false },
    hasCopy: { attribute: false },
    strings: { attribute: false },
    isSource: { attribute: false },
  };

  /** The value to show. A new value starts over, with its first levels open. */
  declare value: TreeValue;
  /** The text that the value was parsed from: what is copied, and shown with `isSource`. Undefined when there is none. */
  declare source: string | undefined;
  /** Accessible name of the tree. */
  declare label: string;
  /** False if the button to copy the value is elsewhere. */
  declare hasCopy: boolean;
  declare strings: PanelStrings;
  /** True to show the source, if there is one. */
  declare isSource: boolean;

  #root = new JsonNode(null);
  #open = new Set<JsonNode>();
  /** The node that the Tab key reaches. */
  #active = this.#root;
  readonly #copy = new ClipboardCopy(this);

  constructor() {
    super();
    this.value = null;
    this.source = undefined;
    this.isSource = false;
    this.label = englishStrings.json;
    this.hasCopy = true;
    this.strings = englishStrings;
  }

  /** True if it can show the text that it was parsed from. */
  get hasSource(): boolean {
    return this.source !== undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('value')) return;
    this.#root = new JsonNode(this.value);
    this.#open = openAtFirst(this.#root);
    this.#active = this.#root;
  }

  protected override render(): TemplateResult {
    const { source } = this;
    const tools = this.hasCopy ? this.#renderCopy() : nothing;
    if (source !== undefined && this.isSource) return html`${tools}${this.#renderSource(source)}`;
    const lines = visibleLines(this.#root, this.#open);
    return html`${tools}
      <div role="tree" aria-label=${this.label} @keydown=${this.#onKeyDown} @click=${this.#onClick}>
        ${repeat(
          lines,
          // The closing line of a node needs a key of its own.
          ({ node, isClose }) => (isClose ? node.children : node),
          (line) => this.#renderLine(line),
        )}
      </div>`;
  }

  #renderLine(line: JsonLine): TemplateResult {
    const { node, isClose } = line;
    const isOpen = this.#open.has(node);
    const { key, value, kind, hidden, end } = lineText(line, isOpen);
    const depth = Math.min(node.level - 1, MAX_INDENT);
    const style = `--depth:${depth}`;
    const indent = '  '.repeat(depth);
    // `.text` has no white space besides the indentation: it is the copied text of a line.
    if (isClose) {
      return html`<div class="line" aria-hidden="true" .style=${style}>
        <span class="text"
          >${indent}<span class="twist"></span><span class="bracket">${value}</span
          ><span class="end">${end}</span></span
        >
      </div>`;
    }
    return html`<div
      class=${node.isExpandable ? 'line opens' : 'line'}
      role="treeitem"
      tabindex=${node === this.#active ? 0 : -1}
      aria-level=${node.level}
      aria-posinset=${node.position}
      aria-setsize=${node.setSize}
      aria-expanded=${node.isExpandable ? isOpen : nothing}
      .style=${style}
      .node=${node}
    >
      <span class="text"
        >${indent}<span class="twist"></span
        >${key === '' ? nothing : html`<span class="key">${key}</span>`}<span class="value ${kind}"
          >${value}</span
        >${this.#renderNote(node, isOpen, hidden)}${end === '' ? nothing : html`<span class="end">${end}</span>`}</span
      >
    </div>`;
  }

  /** A note on hidden content: the range of members, their number, or the rest of a string. */
  #renderNote(node: JsonNode, isOpen: boolean, hidden: number): TemplateResult | typeof nothing {
    const { strings } = this;
    if (node.range !== undefined) {
      const [from, to] = node.range;
      return html`<span class="range">${`[${from}…${to - 1}]`}</span>`;
    }
    if (hidden > 0) return html`<span class="count">${strings.jsonHidden(hidden)}</span>`;
    if (isOpen || !node.hasMembers) return nothing;
    const count = Array.isArray(node.value) ? strings.jsonItems(node.size) : strings.jsonKeys(node.size);
    return html`<span class="count">${count}</span>`;
  }

  #renderCopy(): TemplateResult {
    const { strings } = this;
    const { state } = this.#copy;
    return html`<button
        type="button"
        class="icon-button copy ${state === undefined ? '' : 'is-done'}"
        aria-label=${strings.copyJson}
        title=${strings.copyJson}
        @click=${() => void this.#copy.copy(this.source ?? jsonText(this.value as JsonValue))}
      >
        ${icon(state === 'copied' ? 'check' : 'copy')}</button
      ><span role="status" class=${state === 'failed' ? 'failed' : 'visually-hidden'}
        >${copyText(state, strings)}</span
      >`;
  }

  #renderSource(source: string): TemplateResult {
    return html`<div class="source" role="group" aria-label=${this.label}>
      <sessions-panel-text
        exportparts=${EXPORTED_PARTS.text}
        .text=${source}
        .format=${'code'}
        .strings=${this.strings}
      ></sessions-panel-text>
    </div>`;
  }

  readonly #onClick = (event: Event): void => {
    const node = nodeOf(event);
    // A click that selects text must not open or close a node.
    if (node === undefined || String(document.getSelection() ?? '') !== '') return;
    this.#active = node;
    this.#setOpen(node, !this.#open.has(node));
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const node = nodeOf(event);
    if (node === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!this.#actOnKey(pressedKey(event), node)) return;
    event.preventDefault();
    // A list around the tree must not handle the key as well.
    event.stopPropagation();
  };

  /** Handles a key of the tree; false for any other key. */
  #actOnKey(key: string, node: JsonNode): boolean {
    const isOpen = this.#open.has(node);
    switch (key) {
      case 'ArrowRight':
        if (node.isExpandable && !isOpen) this.#setOpen(node, true);
        else this.#focus(node.children[0]);
        return true;
      case 'ArrowLeft':
        if (node.isExpandable && isOpen) this.#setOpen(node, false);
        else this.#focus(node.parent);
        return true;
      case 'Enter':
      case ' ':
        this.#setOpen(node, !isOpen);
        return true;
      case 'ArrowDown':
      case 'ArrowUp':
      case 'Home':
      case 'End':
        this.#focus(this.#nodeAt(key, node));
        return true;
      default:
        return false;
    }
  }

  #nodeAt(key: 'ArrowDown' | 'ArrowUp' | 'Home' | 'End', node: JsonNode): JsonNode | undefined {
    const lines = visibleLines(this.#root, this.#open);
    const nodes = lines.filter(({ isClose }) => !isClose).map((line) => line.node);
    if (key === 'Home') return nodes[0];
    if (key === 'End') return nodes.at(-1);
    return nodes[nodes.indexOf(node) + (key === 'ArrowDown' ? 1 : -1)];
  }

  #setOpen(node: JsonNode, isOpen: boolean): void {
    if (!node.isExpandable) return;
    if (isOpen) this.#open.add(node);
    else this.#open.delete(node);
    this.requestUpdate();
  }

  #focus(node: JsonNode | undefined): void {
    if (node === undefined) return;
    this.#active = node;
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.shadowRoot?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus(),
    );
  }
}

/** The node of the line in which an event happened. */
function nodeOf(event: Event): JsonNode | undefined {
  const line = event.target instanceof Element ? event.target.closest<LineElement>('[role=treeitem]') : null;
  return line?.node;
}

/** The element of a line, which holds its node. */
type LineElement = HTMLElement & { readonly node: JsonNode };
