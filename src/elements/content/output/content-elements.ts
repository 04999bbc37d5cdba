import { CopyButton } from '../../base/copy-button.js';
import { ContentParts } from '../content-parts.js';
import { FormattedText } from '../formatted-text.js';
import { HtmlFrame } from '../page/html-frame.js';
import { JsonTree } from '../json-tree.js';
import { MARKDOWN_PART } from '../lazy-markdown.js';
import { OutputBlock } from './output-block.js';

/** The elements of what a run writes. */
export const elements = {
  'sessions-panel-copy': CopyButton,
  'sessions-panel-output': OutputBlock,
  'sessions-panel-text': FormattedText,
  'sessions-panel-parts': ContentParts,
  'sessions-panel-page': HtmlFrame,
  'sessions-panel-json': JsonTree,
};

/** The parts that they show later. */
export const parts = [MARKDOWN_PART];
