import t from 'tap'
import { fileLine } from '../../../src/model/etc/file-line.ts'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'

t.test('lines stand as they are in a document of the shell', async (t) => {
  t.equal(fileLine('/etc/a b', octets('x\n\ty $z\n')), "cat > '/etc/a b' <<'END'\nx\n\ty $z\nEND")
  t.equal(fileLine('/a', octets('x\n')), "cat > /a <<'END'\nx\nEND")
})

t.test('what a terminal could obey is printed', async (t) => {
  t.equal(
    fileLine('/etc/a b', octets('x\n\n\t\x1b\n')),
    "{ printf 'x\\012'\nprintf '\\012'\nprintf '\\011\\033\\012'\n} > '/etc/a b'",
  )
})

t.test('octets are shown as the text that they are, and printed where they are none', async (t) => {
  t.equal(fileLine('/a', octets('# f\u00fcr\n')), "cat > /a <<'END'\n# f\u00fcr\nEND")
  t.equal(
    fileLine('/a', asOctets(`# ${octets('f\u00fcr')} \xff\nb\n`)),
    "{ printf '# f\u00fcr \\377\\012'\nprintf 'b\\012'\n} > /a",
  )
})
