/** Seals that no recorder writes: each is broken, soon, and takes no room to speak of. */
import { afterAll, expect, test } from 'vitest';
import { removeFolders } from '../builder.ts';
import { inMemory, sealedCapture, verdictOn } from './sealed.ts';

afterAll(removeFolders);

test.each([
  'UPDATE seal SET rows = 9223372036854775807',
  'UPDATE seal_part SET rows = 9223372036854775807 WHERE id = 3',
  'UPDATE seal_part SET first_key = -9223372036854775808, last_key = 9223372036854775807 WHERE id = 3',
  'UPDATE seal_part SET marks = zeroblob(100000000) WHERE id = 3',
  'UPDATE seal_part SET keys = zeroblob(100000000) WHERE id = 3',
  "UPDATE seal_part SET table_name = 'seal; DROP TABLE seal' WHERE id = 3",
  "UPDATE seal SET digest = x'' WHERE id = 2",
  'UPDATE seal_part SET seal_id = 9223372036854775807',
  'UPDATE seal SET id = 9223372036854775807 WHERE id = 2',
  'UPDATE process SET argv = zeroblob(100000000) WHERE id = 2',
  "UPDATE capture SET previous_digest = zeroblob(100000000), signing_key = x'00'",
  'DELETE FROM seal',
  'DELETE FROM seal_part',
  'DELETE FROM capture',
])('%s', (sql) => {
  const database = inMemory(sealedCapture());
  database.exec(sql);
  const started = performance.now();
  const { state, text } = verdictOn(database);
  expect([state, performance.now() - started < 10_000]).toEqual(['broken', true]);
  expect(text).toMatch(/^[^\n]{10,400}$/);
  database.close();
});
