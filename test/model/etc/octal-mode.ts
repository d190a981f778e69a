import t from 'tap'
import { octalMode } from '../../../src/model/etc/octal-mode.ts'

t.test('four digits', async (t) => {
  t.strictSame([0, 0o7, 0o755, 0o1777].map(octalMode), ['0000', '0007', '0755', '1777'])
})
