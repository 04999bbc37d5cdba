import { css } from 'lit';

/** Over a question, where the tab is too low for it: so the strip takes a place of its own. */
const stripInPlace = css`
  .strip:has(~ .dock .questions) {
    block-size: auto;
  }
  .strip:has(~ .dock .questions) .note {
    position: static;
    margin: 4px 10px;
    box-shadow: none;
  }
  .strip:has(~ .dock .questions) .note p {
    -webkit-line-clamp: 1;
  }
`;

/** Scrolls the questions; a focused field is neither behind the prompt of its card nor behind its buttons. */
const scrollsQuestions = css`
  overflow-y: auto;
  overscroll-behavior: contain;
  scroll-padding-block: calc(2lh + 2px) 38px;
`;

/** Styles of the watched session. */
export const viewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--_bg);
    container: session-view / size;
    overflow: clip;
  }
  .top {
    display: flex;
    flex: none;
    flex-direction: column;
  }
  .notes {
    display: flex;
    flex-direction: column;
  }
  .fidelity {
    flex: none;
    margin: 4px 18px 2px;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    text-wrap: pretty;
  }
  .note,
  .replay {
    margin: 10px 18px 4px;
  }
  .replay {
    display: flex;
    flex: none;
    gap: 12px;
    align-items: center;
    font-size: var(--_size-s);
    color: var(--_fg-2);
  }
  .closed {
    display: grid;
    flex: none;
    max-block-size: 40cqb;
    overflow-y: auto;
  }
  .dock:has(.questions) .closed {
    max-block-size: 25cqb;
  }
  .closed-note p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }
  .closed-note {
    align-items: start;
  }
  .closed-text {
    display: grid;
    flex: 1;
    gap: 8px;
    min-inline-size: 0;
  }
  .closed-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .closed-buttons:not(:has(*)) {
    display: none;
  }
  .closed-note {
    margin-block-end: 10px;
  }
  .replay span {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  progress {
    flex: 1;
    appearance: none;
    block-size: 4px;
    border: 0;
    border-radius: 4px;
    background: var(--_sunken);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--_sunken);
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }

  @media (forced-colors: active) {
    progress {
      forced-color-adjust: none;
      block-size: 8px;
      border: 1px solid CanvasText;
    }
    progress::-webkit-progress-value {
      background: Highlight;
    }
    progress::-moz-progress-bar {
      background: Highlight;
    }
  }

  .content {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }
  .middle {
    position: relative;
    display: flex;
    flex: 1 0 0;
    min-block-size: 0;
    min-inline-size: 0;
    overflow: clip;
  }
  /* A person who was asked wants to answer: the tab gets what the questions leave. */
  .dock {
    display: flex;
    flex: 0 1 auto;
    flex-direction: column;
    min-block-size: 0;
    max-block-size: 70cqb;
  }
  /* The questions of now, with what was typed, wait there while an earlier moment is shown. */
  .dock[hidden] {
    display: none;
  }
  sessions-panel-scrubber {
    flex: none;
  }
  .questions {
    /* What only screen readers read scrolls with the card that has it. */
    position: relative;
    display: grid;
    flex: 0 1 auto;
    gap: 10px;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    /* A focused field is never behind the buttons of its card. */
    scroll-padding-block-end: 60px;
    padding: 4px 18px 0;
  }
  /* Not a padding of the scroller, which would lift the buttons of a card that is cut. */
  .questions > :last-child {
    margin-block-end: 10px;
  }

  /* Takes no space: what is below does not move when it comes and goes. */
  .strip {
    position: relative;
    z-index: 3;
    flex: none;
    block-size: 0;
  }
  .strip .note {
    position: absolute;
    inset-block-start: 4px;
    inset-inline: 10px calc(var(--_aside, 0px) + 10px);
    margin: 0;
    padding-block: 3px;
    min-block-size: 32px;
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.16);
    background: color-mix(in srgb, var(--_ask) 8%, var(--_bg));
    border-color: var(--_ask-border);
    color: var(--_fg);
  }
  .strip .note p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    /* In a narrow panel the time is in the third line. */
    -webkit-line-clamp: 3;
  }
  .strip .note .button {
    min-block-size: 24px;
  }
  /* Next to the tabs, where there is room. */
  @container sessions-panel (height >= 340px) {
    @container session-view (width >= 900px) {
      .strip .note {
        inset-block: auto 1px;
        inset-inline: auto 18px;
        max-inline-size: calc(100% - 318px);
        box-shadow: none;
      }
      .strip .note p {
        -webkit-line-clamp: 1;
      }
    }
  }
  .outcome {
    gap: 8px;
  }
  .outcome p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .outcome-text {
    flex: 1;
    min-inline-size: 0;
  }
  .outcome .unanswered {
    display: flex;
    gap: 0.5em;
    color: var(--_fg-3);
    white-space: nowrap;
  }
  .unanswered > :first-child {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .unanswered .state {
    flex: none;
    font-style: italic;
  }
  .outcome .steps {
    display: flex;
    flex: none;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  .handover {
    margin: 0;
    padding: 5px 18px 7px;
    color: var(--_fg-2);
    line-height: 16px;
  }
  /* Only the script moves the focus there: a ring would look like a control. */
  .handover:focus,
  .closed-note:focus {
    outline: none;
  }

  @container session-view (width < 560px) {
    .questions {
      padding-inline: 14px;
    }
    .note,
    .fidelity,
    .replay {
      margin-inline: 14px;
    }
  }

  @container sessions-panel (480px <= height < 640px) {
    ${stripInPlace}
  }
  /* Beside each other, where both would be too low one above the other. */
  @container sessions-panel (height < 480px) {
    .notes {
      max-block-size: 64px;
      overflow-y: auto;
    }
    .fidelity {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    @container session-view (width < 600px) {
      ${stripInPlace}
    }
    @container session-view (width >= 600px) {
      .content {
        flex-direction: row;
      }
      .content:has(.questions, .handover, .closed-note) {
        --_aside: clamp(300px, 40%, 420px);
      }
      /* Over the tab only: the question next to it keeps its height. */
      .content > .strip {
        position: absolute;
        inset-block-start: 0;
        inset-inline: 0;
      }
      .dock:has(.questions, .handover, .closed-note) {
        flex: none;
        inline-size: var(--_aside);
        max-block-size: none;
        border-inline-start: 1px solid var(--_border);
      }
      .questions {
        padding: 8px 10px 0;
      }
      .questions > :last-child {
        margin-block-end: 8px;
      }
    }
  }
  @container sessions-panel (height < 340px) {
    .dock {
      max-block-size: none;
    }
    .top:has(~ .content .questions) .notes {
      max-block-size: 38px;
    }
    .note,
    .replay {
      margin: 4px 10px;
      padding-block: 3px;
    }
    .strip .note p {
      -webkit-line-clamp: 1;
    }
    /* Notices scroll away with the cards, so that the prompt, the field and the buttons of a card have the height. */
    .dock:has(.questions) .closed,
    .questions {
      flex: none;
      max-block-size: none;
      overflow: visible;
    }
    .questions {
      padding: 4px 8px 0;
    }
    .questions > :last-child {
      margin-block-end: 4px;
    }
    @container session-view (width < 600px) {
      .content:has(.questions) {
        ${scrollsQuestions}
      }
      .content:has(.questions) > .dock {
        flex: none;
      }
    }
    @container session-view (width >= 600px) {
      .dock:has(.questions) {
        ${scrollsQuestions}
      }
    }
  }
`;
