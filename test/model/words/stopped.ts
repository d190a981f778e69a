import t from 'tap'
import { stoppedWords } from '../../../src/model/words/stopped.ts'

t.test('a signal is named, and only where there was one', async (t) => {
  t.strictSame(stoppedWords('SIGTERM'), ['stopped by SIGTERM'])
  t.strictSame(stoppedWords(undefined), [])
})
