import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { olderVersion } from '../../support/older-version.js';
import { HAS_POSTGRES, temporaryDatabase } from '../../support/postgres.js';
import { restartInTurns } from '../../support/rolling-restart.js';

describe(
  'K14: processes that are replaced by those of the next version, one after the other',
  { skip: !HAS_POSTGRES },
  () => {
    it('lose, double and interrupt nothing of what people do meanwhile', async (t) => {
      const store = await temporaryDatabase();
      const oldScript = await olderVersion(t);
      const sessions = await restartInTurns(t, { store, processes: 2, rounds: 1, people: 2, oldScript });
      assert.ok(sessions >= 4, `${sessions} sessions`);
    });
  },
);
