import { spawnSync } from 'node:child_process'
import t from 'tap'

t.test('in a guest too what nobody waits for is a failure of the test that runs', async (t) => {
  const program = `${t.testdir()}/live.mjs`
  const bundle = ['test/vm/bundle-tests.sh', program, '../fixtures/broken']
  t.equal(spawnSync('sh', bundle, { stdio: ['ignore', 'inherit', 'inherit'] }).status, 0)
  // As a guest starts it: without what tap adds to the environment.
  const env = { PATH: process.env.PATH, TAP_TIMEOUT: '0' }
  const { stdout, status } = spawnSync(process.execPath, ['--jitless', program], {
    env,
    encoding: 'utf8',
  })
  const results = [...stdout.matchAll(/^((?:not )?ok) \d+ - (.*?) # time/gm)]
  t.strictSame(
    results.slice(0, -1).map(([, result, title]) => [result, title]),
    [
      ['not ok', 'it throws'],
      ['not ok', 'a timer throws'],
      ['not ok', 'a promise is rejected'],
      ['not ok', 'its end throws'],
    ],
  )
  t.equal(results.at(-1)?.[2], 'another one runs all the same')
  t.equal(stdout.match(/^ {4}not ok \d+ - nobody waits for this$/gm)?.length, 4)
  t.equal(status, 1)
})
