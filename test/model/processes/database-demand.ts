import t from 'tap'
import { mysqlDemand, postgresDemand } from '../../../src/model/processes/database-demand.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('what a postgresql.conf asks for', async (t) => {
  const asked = (setting: string, bytes: bigint) => ({
    asked: `huge_pages=${setting}`,
    bytes,
    insists: setting === 'on',
  })
  const text = `# - Memory -
shared_buffers = 128MB\t\t\t# min 128kB
#huge_pages = off
huge_pages = on\t\t\t# on, off, or try
huge_page_size = 0
`
  t.strictSame(postgresDemand(text), asked('on', 128n * M))
  t.strictSame(
    postgresDemand(`${text}  HUGE_PAGES 'try'\nshared_buffers='4GB'`),
    asked('try', 4n * G),
  )
  t.strictSame(postgresDemand('huge_pages=Try\nshared_buffers = 1000'), asked('try', 8_192_000n))
  t.strictSame(postgresDemand('huge_pages=on\nshared_buffers = 64 kB'), asked('on', 65536n))
  t.strictSame(postgresDemand('huge_pages=on\nshared_buffers = 2TB'), asked('on', 2048n * G))
  for (const wrong of ['x64MB', '64MBx', '64X'])
    t.strictSame(
      postgresDemand(`huge_pages=on\nshared_buffers=${wrong}`),
      asked('on', 128n * M),
      wrong,
    )
  t.strictSame(postgresDemand('huge_pages=on'), asked('on', 128n * M))
  t.strictSame(postgresDemand('huge_pages=on\nshared_buffers=lots'), asked('on', 128n * M))
  for (const silent of ['', '#huge_pages = on\n', 'huge_pages = off', `${text}huge_pages = off\n`])
    t.equal(postgresDemand(silent), undefined, silent)
})

t.test('what the files of a MySQL ask for', async (t) => {
  const asked = (bytes: bigint) => ({ asked: 'large-pages', bytes, insists: true })
  t.strictSame(mysqlDemand('[mysqld]\nlarge-pages\ninnodb_buffer_pool_size = 8G\n'), asked(8n * G))
  t.strictSame(mysqlDemand('large_pages=ON # yes\ninnodb-buffer-pool-size=64m\n'), asked(64n * M))
  t.strictSame(mysqlDemand('  loose-large-pages = 1\ninnodb_buffer_pool_size=4096'), asked(4096n))
  t.strictSame(mysqlDemand('large-pages=true'), asked(128n * M))
  t.strictSame(mysqlDemand('large-pages=0\nlarge-pages'), asked(128n * M))
  const silent = [
    '',
    '[mysqld]\n',
    'large-pages=OFF',
    'large-pages=0',
    '#large-pages',
    'skip-large-pages',
    'large-pages\nlarge-pages=off',
    'large-pages-other',
    'large-pages=21',
    'large-pages=10',
    'large-pages=only',
  ]
  t.strictSame(
    silent.map(mysqlDemand),
    silent.map(() => undefined),
  )
})
