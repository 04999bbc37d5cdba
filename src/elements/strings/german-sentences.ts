import type { SentenceTexts } from './sentence-text.js';

/** The sentences of adapters and runners in German. */
export const germanSentences: SentenceTexts = {
  'run-failed': 'Der Lauf ist fehlgeschlagen.',
  'step-failed': 'Der Schritt ist fehlgeschlagen.',
  failed: 'fehlgeschlagen',
  interrupted: 'unterbrochen',
  'run-deleted': 'Der Lauf wurde gelöscht.',
  'run-not-stopped': 'Der Lauf ließ sich nicht anhalten.',
  'no-graph-named': 'Es ist kein Graph angegeben.',
  'unknown-graph': 'Der Server hat keinen Graphen „{graph}“.',
  'answer-unconfirmed': 'Der Server hat die Antwort nicht bestätigt.',
  'not-in-time': 'Der Server hat nicht rechtzeitig geantwortet.',
  'stream-empty': 'Der Strom hat keinen Inhalt.',
  'malformed-answer': 'Die Antwort des Servers hat kein gültiges „{what}“.',
  'session-no-longer': 'Die Sitzung gibt es nicht mehr.',
  'session-unknown': 'Die Sitzung gibt es nicht.',
  'session-ended': 'Die Sitzung ist schon beendet.',
  'question-unknown': 'Die Sitzung hat keine solche Frage.',
  'answered-differently': 'Diese Frage wurde anders beantwortet.',

  'only-continued': 'Ein Lauf an einem Haltepunkt lässt sich nur fortsetzen.',

  'unknown-workflow': 'Der Server hat keinen Workflow „{workflow}“.',
  'question-forgotten': 'Die Frage ist nicht mehr gespeichert.',

  'agent-failed': 'Der Agent ist fehlgeschlagen.',
  'agent-unreachable': 'Der Agent „{agent}“ ist nicht erreichbar.',
  'agent-broke': 'Die Verbindung zum Agenten „{agent}“ ist abgebrochen.',
  'agent-no-stream':
    'Der Agent „{agent}“ hat mit {answer} geantwortet und nicht mit einem Strom von Ereignissen.',
  'agent-not-stopped': 'Der Agent „{agent}“ hat auf das Anhalten mit {status} geantwortet.',
  'agent-no-end': 'Der Agent hat aufgehört, ohne zu sagen, wie.',
  'agent-asks-nothing': 'Der Agent wartet, fragt aber nichts.',
  'agent-headless': 'Ein Lauf ohne Personen kann seinem Agenten nicht antworten.',
  'agent-same-id': 'Der Agent hat zwei Fragen mit der Kennung „{id}“ gestellt.',
  'agent-too-large': 'Der Agent hat einen zu großen Aufruf oder Gedanken gesendet.',
  'event-too-large': 'Ereignis zu groß',
  'graph-empty': 'Der Graph hat keinen Knoten.',
  'graph-one-node': 'Der Graph eines Agenten hat genau einen Knoten.',
  'graph-other-type': 'Knoten „{node}“: Sein Typ ist nicht „{type}“.',
  'graph-no-agent': 'Knoten „{node}“: Es gibt keinen Agenten „{agent}“.',

  'file-unknown': 'Die Datei ist keine Sitzungsdatei.',
  'file-newer': 'Die Datei hat Version {version} des Formats.',
  'file-too-large': 'Eine Sitzungsdatei darf höchstens 512 MiB haben.',
  'file-other-session': 'Die Datei enthält diese Sitzung nicht.',
  'file-read-only': 'Eine Sitzungsdatei lässt sich nicht ändern.',
  'file-cut': 'Die Datei endet nach Ereignis {events} von {expected}.',
  'file-damaged': 'Zeile {line} der Datei ist nicht lesbar; gezeigt werden die {events} Ereignisse davor.',
};
