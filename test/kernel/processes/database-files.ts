import t from 'tap'
import { readDatabaseDemands } from '../../../src/kernel/processes/database-files.ts'
import { G, M } from '../../helpers/sizes.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

const demands = (t: Parameters<typeof writerStage>[0], files: Readonly<Record<string, string>>) =>
  readDatabaseDemands(writerStage(t, files).tree)

t.test('the clusters of a PostgreSQL', async (t) => {
  const on = 'huge_pages = on\nshared_buffers = 1GB\n'
  const demand = { asked: 'huge_pages=on', bytes: G, insists: true }
  t.strictSame(
    demands(t, {
      '/etc/postgresql/15/main/postgresql.conf': '#huge_pages = try\n',
      '/etc/postgresql/17/main/postgresql.conf': on,
      '/etc/postgresql/17/other/postgresql.conf': on,
      '/etc/postgresql/README': on,
      '/var/lib/pgsql/data/postgresql.conf': on,
      '/var/lib/pgsql/16/data/postgresql.conf': on,
    }).map(({ file, ...rest }) => [file, rest]),
    [
      ['/etc/postgresql/17/main/postgresql.conf', demand],
      ['/etc/postgresql/17/other/postgresql.conf', demand],
      ['/var/lib/pgsql/data/postgresql.conf', demand],
      ['/var/lib/pgsql/16/data/postgresql.conf', demand],
    ],
  )
})

t.test('the files of a MySQL are read in their order', async (t) => {
  const found = (file: string, bytes: bigint) => [
    { file, asked: 'large-pages', bytes, insists: true },
  ]
  t.strictSame(demands(t, {}), [])
  t.strictSame(demands(t, { '/etc/my.cnf': 'large-pages\n' }), found('/etc/my.cnf', 128n * M))
  t.strictSame(
    demands(t, {
      '/etc/mysql/my.cnf': '[mysqld]\nlarge-pages\ninnodb_buffer_pool_size=1G',
      '/etc/mysql/mariadb.conf.d/50-server.cnf': 'innodb_buffer_pool_size=2G',
      '/etc/mysql/mariadb.conf.d/50-server.cnf.bak': 'innodb_buffer_pool_size=3G',
    }),
    found('/etc/mysql/my.cnf', 2n * G),
  )
  t.strictSame(
    demands(t, {
      '/etc/my.cnf': 'large-pages\n',
      '/etc/my.cnf.d/a.cnf': 'large-pages=1\n',
      '/etc/my.cnf.d/b.cnf': 'large-pages=off\n',
    }),
    [],
  )
  t.strictSame(
    demands(t, {
      '/etc/mysql/conf.d/z.cnf': 'large-pages\n',
      '/etc/mysql/conf.d/a.cnf': 'large-pages\n',
      '/etc/mysql/mysql.conf.d/a.cnf': '',
    }),
    found('/etc/mysql/conf.d/z.cnf', 128n * M),
  )
})
