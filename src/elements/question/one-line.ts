import type { Interaction } from '../../protocol/questions/interactions.js';
import type { Form } from '../form/model/fields.js';
import type { QuestionDraft } from './question-draft.js';

/**
 * True for a question that a single short text answers: its field and the buttons share a row. The field grows when the
 * text needs more.
 */
export function isOneLine(interaction: Interaction, draft: QuestionDraft, form: Form | undefined): boolean {
  if (interaction.kind === 'text') return interaction.inputKind === 'text';
  if (draft.kind !== 'form' || draft.json !== undefined || form?.kind !== 'object') return false;
  const [field, ...others] = form.fields;
  if (field === undefined || others.length > 0 || form.pairs !== undefined || form.isPartial) return false;
  switch (field.kind) {
    case 'content':
      return field.inputKind === 'text' && !field.isReadOnly;
    case 'text':
      return field.entry !== 'multiline' && !field.isReadOnly;
    case 'number':
      return !field.isReadOnly;
    default:
      return false;
  }
}
