import t from 'tap'
import { applyUnitText } from '../../../../src/model/config/service/apply-unit.ts'
import {
  doesTheSame,
  isPackagedText,
  packagedMark,
  packagedText,
} from '../../../../src/model/config/service/packaged-unit.ts'
import { isOwnService } from '../../../../src/model/config/service/service-kind.ts'

const own = applyUnitText({ words: ['/usr/bin/hugepool'], form: 'early', late: [] })
const path = '/usr/lib/systemd/system/hugepool.service'

t.test('a unit of the package differs in its first line alone', async (t) => {
  const [first, ...rest] = packagedText(own).split('\n')
  t.equal(first, packagedMark)
  t.strictSame(rest, own.split('\n').slice(1))
  t.equal(packagedText('[Unit] # x\n# y\n'), '[Unit] # x\n# y\n', 'no other line is touched')
  t.ok(isPackagedText(packagedText(own)))
  t.notOk(isOwnService(packagedText(own)))
  t.notOk(isPackagedText(own))
  t.notOk(isPackagedText(`[Unit]\n${packagedText(own)}`))
  t.notOk(isPackagedText(`${packagedMark}, or so\n`))
})

t.test('which unit of a package does what is wanted', async (t) => {
  t.ok(doesTheSame({ path, text: packagedText(own) }, own))
  t.notOk(doesTheSame({ path, text: own }, own))
  t.notOk(doesTheSame({ path, text: `${packagedText(own)}\n` }, own))
  t.notOk(doesTheSame(undefined, own))
})
