import { describe, expect, test } from '@jest/globals';
import { dictionary, TABLE_CODES, tableOf } from './dictionary.ts';

describe('the dictionary of edition 3176', () => {
  test('has the 16 tables and 479 fields of the standard', () => {
    const sizes = Object.fromEntries(
      [...dictionary().tables].map(([code, table]) => [code, table.fields.length]),
    );
    expect(sizes).toEqual({
      XML0: 26,
      XML1: 66,
      XML2: 39,
      XML3: 47,
      XML4: 12,
      XML5: 9,
      XML6: 47,
      XML7: 26,
      XML8: 22,
      XML9: 35,
      XML10: 13,
      XML11: 23,
      XML12: 35,
      XML13: 37,
      XML14: 22,
      XML15: 20,
    });
    expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBe(479);
    expect([...dictionary().tables.keys()]).toEqual([...TABLE_CODES]);
  });

  test('the wrapper names follow no pattern and are copied exactly', () => {
    const names = (code: 'XML1' | 'XML3' | 'XML15') => [
      tableOf(code).root,
      tableOf(code).list,
      tableOf(code).row,
    ];
    expect(names('XML1')).toEqual(['TONG_HOP', null, 'TONG_HOP']);
    expect(names('XML3')).toEqual(['CHITIEU_CHITIET_DVKT_VTYT', 'DSACH_CHI_TIET_DVKT', 'CHI_TIET_DVKT']);
    expect(names('XML15')).toEqual([
      'CHI_TIEU_DIEUTRI_BENHLAO',
      'DSACH_CHITIET_DIEUTRI_BENHLAO',
      'CHITIET_DIEUTRI_BENHLAO',
    ]);
  });

  test('nobody can change it by accident', () => {
    const fields = tableOf('XML2').fields as unknown as { name: string }[];
    expect(() => {
      fields[0]!.name = 'X';
    }).toThrow(TypeError);
    expect(() => fields.push({ name: 'X' })).toThrow(TypeError);
  });
});
