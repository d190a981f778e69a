import t from 'tap'
import type { ProgramAnswer } from '../../../src/kernel/run-program.ts'
import { readPage } from '../../../src/operations/etc/read-page.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'

const missing = () => {
  throw systemError('ENOENT', 'open')
}
const fileOf = (name: string) => `/usr/lib/hugepool/${name}`
const answer = (stdout: string, status: number | undefined = 0): ProgramAnswer => ({
  status,
  stdout,
  stderr: '',
})

/** Programs that answer one after the other, and what was run. */
const programs = (...answers: readonly ProgramAnswer[]) => {
  const ran: (readonly string[])[] = []
  const run = async (words: readonly string[]) => {
    ran.push(words)
    return answers[ran.length - 1] ?? answer('', undefined)
  }
  return { run, ran }
}

const page = fileOf('dist/man/hugepool.8.gz')

t.test('text that came with the program needs no other program', async (t) => {
  const { run, ran } = programs(answer('wrong'))
  const read = (name: string) => `text of ${name}`
  const text = await readPage('hugepool.8', { packaged: { fileOf, read }, run })
  t.strictSame([text, ran], ['text of man/text/hugepool.8', []])
})

t.test('man(1) makes text of a page, without what bold letters are made of', async (t) => {
  const { run, ran } = programs(answer('N\bNA\bAME _\bx\n'))
  const text = await readPage('hugepool.8', { packaged: { fileOf, read: missing }, run })
  t.strictSame([text, ran], ['NAME x\n', [['man', '-l', page]]])
})

t.test('where man(1) is missing or says nothing mandoc(1) does', async (t) => {
  for (const first of [answer('', undefined), answer('half', 1), answer('')]) {
    const { run, ran } = programs(first, answer('text\n'))
    const text = await readPage('hugepool.8', { packaged: { fileOf, read: missing }, run })
    t.strictSame(
      [text, ran],
      [
        'text\n',
        [
          ['man', '-l', page],
          ['mandoc', '-T', 'ascii', page],
        ],
      ],
    )
  }
})

t.test('where neither does, the file is named', async (t) => {
  const ports = { packaged: { fileOf, read: missing }, run: programs().run }
  await t.rejects(readPage('hugepool.8', ports), {
    code: 'E_UNSUPPORTED',
    message: `${page}: neither man(1) nor mandoc(1) makes text of it here`,
    hint: 'install man-db or mandoc',
  })
})

t.test('what goes wrong otherwise is not taken for a page that is missing', async (t) => {
  const read = () => {
    throw systemError('EIO', 'read')
  }
  await t.rejects(readPage('hugepool.8', { packaged: { fileOf, read } }), { code: 'EIO' })
})
