import t from 'tap'
import { fileLine } from '../../../src/model/etc/file-line.ts'

t.test('lines stand as they are in a document of the shell', async (t) => {
  t.equal(fileLine('/etc/a b', 'x\n\ty $z\n'), "cat > '/etc/a b' <<'END'\nx\n\ty $z\nEND")
  t.equal(fileLine('/a', 'x\n'), "cat > /a <<'END'\nx\nEND")
})

t.test('what a terminal could obey is printed', async (t) => {
  t.equal(
    fileLine('/etc/a b', 'x\n\n\t\x1b\n'),
    "{ printf 'x\\012'\nprintf '\\012'\nprintf '\\011\\033\\012'\n} > '/etc/a b'",
  )
})
