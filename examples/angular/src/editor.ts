import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import 'graph-sessions/define.js';
import { graphId, runGraph, sessions } from './sessions';
import { watched } from './watched';

@Component({
  selector: 'my-editor',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button (click)="runGraph()">Run</button>
    <button [attr.aria-expanded]="isPanelShown()" (click)="isPanelShown.set(!isPanelShown())">
      Sessions ({{ waiting() }})
    </button>
    <ul aria-label="Canvas">
      @for (node of nodes(); track node[0]) {
        <li>{{ node[1].title }}: {{ node[1].status }}</li>
      }
    </ul>
    <p role="status">{{ opened() && 'Opened ' + opened() }}</p>
    @if (isPanelShown()) {
      <div style="height: 480px">
        <sessions-panel
          [history]="sessions.history"
          [run]="sessions.run"
          [drafts]="sessions.drafts"
          [actions]="sessions.actions"
          [graphId]="graphId"
          (session-connect)="opened.set($event.sessionId)"
        />
      </div>
    }
  `,
})
export class Editor {
  protected readonly graphId = graphId;
  protected readonly sessions = sessions;
  protected readonly runGraph = runGraph;
  protected readonly isPanelShown = signal(true);
  protected readonly opened = signal('');
  protected readonly waiting = watched(() => sessions.history.needsInputCount);
  protected readonly nodes = watched(() => sessions.run.nodes);
}
