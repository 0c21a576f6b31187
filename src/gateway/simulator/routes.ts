import { type AnswerNames, type ArrivedCall, COPAY_NAMES, PAPER_NAMES, Stop } from './answers.ts';
import { authorise, authoriseToken, type Convention, issueToken } from './authorise.ts';
import { acceptFile, peekLinkCodes } from './intake.ts';
import { lookUpCard, lookUpCard2019, lookUpCopay, lookUpHistory } from './lookups.ts';
import { acceptPaper, type PaperForm } from './papers.ts';
import { errorsOfTransaction, totalsOfDays, transactionsOfDay } from './results.ts';
import type { Reply } from './wire.ts';
import type { World } from './world.ts';

/** One call that the simulator knows. */
export interface Route {
  readonly isTokenCall?: true;
  /** Its credentials travel in the address: with this family that is no mistake of the sender. */
  readonly isOfAddress?: true;
  /** Checks 2–7. @throws Stop */
  readonly authorise: (world: World, call: ArrivedCall) => void;
  /** The rest; the answer to send. @throws Stop */
  readonly accept: (world: World, call: ArrivedCall) => Reply;
  /** Where its answers name their fields otherwise than the claims'. */
  readonly names?: AnswerNames;
  /** `MA_LK` values of a file, for fault rules. */
  readonly linkCodes?: (world: World, call: ArrivedCall) => readonly string[];
}

const inSession = (convention: Convention, accept: Route['accept']): Route => ({
  authorise: (world, call) => authorise(world, call, convention),
  accept,
  ...(convention === 'address' ? { isOfAddress: true } : {}),
});
const claimLike = (kind: 'checkIn' | 'claim'): Route => ({
  ...inSession('header', (world, call) => acceptFile(world, call, kind)),
  linkCodes: (world, { fields }) => peekLinkCodes(kind, fields, world),
});
const paper = (convention: Convention, form: PaperForm): Route =>
  inSession(convention, (world, call) => acceptPaper(world, call, form));

const PL02 = {
  fields: { facility: 'maCskcb', file: 'fileBase64Str' },
  hasPeriod: false,
} as const;
/** Their letter knows 200, 205, 401, 500 and 1001; what it has no code for is a wrong parameter, or no right to call. */
const PL02_CODES: Readonly<Record<string, string>> = {
  '123': '205',
  '201': '205',
  '204': '205',
  '402': '205',
  '403': '401',
};
function inPl02Codes<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { maKetQua = '' } = error.reply;
    const code = PL02_CODES[maKetQua];
    throw code === undefined ? error : new Stop({ ...error.reply, maKetQua: code });
  }
}
function certificate(roots: PaperForm['roots']): Route {
  const { authorise, accept } = paper('body', { ...PL02, roots });
  return {
    authorise: (world, call) => inPl02Codes(() => authorise(world, call)),
    accept: (world, call) => inPl02Codes(() => accept(world, call)),
    names: PAPER_NAMES,
  };
}

const TT12 = {
  fields: { facility: 'maCSKCB', file: 'fileHsBase64' },
  hasPeriod: false,
} as const;
const catalogue = (type: string): Route =>
  paper('header', { ...TT12, roots: { [type]: { root: 'HSDANHMUC' } } });

/** By path; everything else is a page that is not there. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/api/token/take': { isTokenCall: true, authorise: authoriseToken, accept: issueToken },
  '/api/qd130/checkInKcbQd3176': claimLike('checkIn'),
  '/api/qd130/checkInKcbQd4750': claimLike('checkIn'),
  '/api/qd130/guiHoSoXmlQD3176': claimLike('claim'),
  '/api/qd130/guiHoSoXmlQD4750': claimLike('claim'),
  '/api/qd130/guiHoSoXmlQD130': claimLike('claim'),
  '/api/egw/nhanKQTiepNhanHS4210': inSession('address', totalsOfDays),
  '/api/egw/nhanChiTietHSNgay4210': inSession('address', transactionsOfDay),
  '/api/egw/nhanChiTietLoiHS4210': inSession('address', errorsOfTransaction),
  '/api/egw/KQNhanLichSuKCB2024': inSession('address', lookUpCard),
  '/api/egw/KQNhanLichSuKCB2019': inSession('address', lookUpCard2019),
  '/api/egw/Lskcb2025': inSession('address', lookUpHistory),
  '/api/TraCuuCCT/TraCuuTienMCCT': {
    ...inSession('header-json', lookUpCopay),
    names: COPAY_NAMES,
  },
  '/api/chungtugw/GuiHoSoChungTu2025': certificate({ '39': { root: 'HSCHUNGTU' } }),
  '/api/hososuckhoe/guiGiayToDienTu': certificate({
    '60': { root: 'HSDLGBT' },
    '61': { root: 'HSDLGCS' },
  }),
  '/api/DanhMucGW/GuiDanhMuc01_BPCMKBCB': catalogue('70'),
  '/api/DanhMucGW/GuiDanhMuc02_NLKCB': catalogue('71'),
  '/api/DanhMucGW/GuiDanhMuc03_DMTHUOC': catalogue('10'),
  '/api/DanhMucGW/GuiDanhMuc04_DMVTYT': catalogue('11'),
  '/api/DanhMucGW/GuiDanhMuc05_DVKT': catalogue('12'),
  '/api/DanhMucGW/GuiDanhMuc06_DMTBYT': catalogue('72'),
  '/api/HoSoTongHop7980/GuiHoSoTongHop01BH': paper('header', {
    ...TT12,
    hasPeriod: true,
    roots: { '5': { root: 'HSTH01BH' } },
  }),
  '/api/HSDCTT12/GuiHoSoDieuChinh09BH': paper('header-json', {
    ...TT12,
    fields: { facility: 'maCskcb', file: 'fileHsBase64' },
    hasPeriod: true,
    roots: { '73': { holds: 'TT_HOSO' } },
  }),
};
