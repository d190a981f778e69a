import t from 'tap'
import { readPostgresSettings } from '../../../src/kernel/processes/postgres-settings.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

const { tree } = writerStage(t, {
  '/srv/db/postgresql.conf': 'usual',
  '/srv/db/postgresql.auto.conf': 'auto',
  '/etc/pg.conf': 'named',
  '/srv/large/postgresql.conf': 'x'.repeat(1024 * 1024 + 1),
})

t.test('the files of settings', async (t) => {
  const settings = (...words: readonly string[]) => readPostgresSettings(tree, '5', words)
  t.equal(settings('postgres', '-D', '/srv/db'), 'usual\nauto')
  t.equal(settings('postgres', '-D', '/srv/db', '-c', 'config_file=/etc/pg.conf'), 'named\nauto')
  t.equal(settings('postgres', '--config_file=/etc/pg.conf'), 'named')
  t.equal(settings('postgres', '-D', '/srv/large'), undefined)
  t.equal(settings('postgres', '-D', 'relative'), undefined)
  t.equal(settings('postgres', '-D'), undefined)
  t.equal(settings('postgres'), undefined)
})
