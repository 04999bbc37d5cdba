'use client';

import { SessionsPanel } from 'graph-sessions/react';
import { useState } from 'react';
import { graphId, runGraph, sessions } from './sessions';
import { useWatched } from './use-watched';

export function Editor() {
  const [isPanelShown, setPanelShown] = useState(true);
  const [opened, setOpened] = useState('');
  const waiting = useWatched(() => sessions.history.needsInputCount);
  const nodes = useWatched(() => sessions.run.nodes);

  return (
    <>
      <button onClick={runGraph}>Run</button>
      <button aria-expanded={isPanelShown} onClick={() => setPanelShown(!isPanelShown)}>
        Sessions ({waiting})
      </button>
      <ul aria-label="Canvas">
        {[...nodes].map(([id, node]) => (
          <li key={id}>
            {node.title}: {node.status}
          </li>
        ))}
      </ul>
      <p role="status">{opened && `Opened ${opened}`}</p>
      {isPanelShown && (
        <div style={{ height: 480 }}>
          <SessionsPanel
            {...sessions}
            graphId={graphId}
            onSessionConnect={(event) => setOpened(event.sessionId)}
          />
        </div>
      )}
    </>
  );
}
