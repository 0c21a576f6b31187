/**
 * What brings people in, and what is usually done: the clinical side of the demo. Item codes are those of the province's
 * catalogue; what a facility has no price for is left out when the visit is planned.
 *
 * Notation: `'T01 1x3x5'` = item T01, 1 unit, 3 times a day, 5 days; `'22.0121.1369 75'` = ordered in 40 of 100 visits
 * (100 when no number stands there); supplies `'N02.03.020 2'` = 2 pieces.
 */
export interface Scenario {
  readonly primary: string;
  readonly secondary?: readonly string[];
  readonly sexCode?: '1' | '2';
  /** Completed years, both included. */
  readonly ages: readonly [number, number];
  readonly exam: string;
  readonly reason: string;
  readonly finding: string;
  readonly tests?: readonly string[];
  readonly drugs: readonly string[];
  readonly procedure?: string;
  readonly supplies?: readonly string[];
  /** Cause of an injury, official code. */
  readonly injuryCode?: string;
  /** Comes back in four weeks. */
  readonly chronic?: boolean;
  readonly weight: number;
}

export const OUTPATIENT: readonly Scenario[] = [
  { primary: 'J06.9', secondary: ['R50.9'], ages: [15, 99], exam: '02.1896', reason: 'Sốt, ho, chảy mũi 3 ngày', finding: 'Họng đỏ, phổi thông khí rõ, không ran', tests: ['22.0121.1369 70', '18.0119.0028 15'], drugs: ['T01 1x3x5', 'T20 1x1x5', 'T25 1x2x5'], weight: 12 },
  { primary: 'J02.9', ages: [6, 99], exam: '15.1901', reason: 'Đau họng, nuốt vướng 2 ngày', finding: 'Niêm mạc họng đỏ, không giả mạc', tests: ['22.0121.1369 60'], drugs: ['T10 1x2x7', 'T01 1x3x3', 'T23 1x1x3'], procedure: '15.0222.0898', supplies: ['N07.01.240 1'], weight: 7 },
  { primary: 'J20.9', secondary: ['J30.4'], ages: [15, 99], exam: '02.1896', reason: 'Ho có đờm, tức ngực 5 ngày', finding: 'Phổi rải rác ran ẩm hai bên', tests: ['22.0121.1369 90', '18.0119.0028 60'], drugs: ['T08 1x2x7', 'T26 1x2x7', 'T22 1x1x7'], weight: 7 },
  { primary: 'J21.9', ages: [0, 3], exam: '02.1897', reason: 'Trẻ ho, khò khè, bú kém', finding: 'Phổi thông khí đều, ran rít nhẹ hai bên', tests: ['22.0121.1369 85', '18.0119.0028 30'], drugs: ['T09 1x2x5', 'T02 1x3x3', 'T58 1x1x1'], procedure: '15.0222.0898', supplies: ['N07.01.240 1'], weight: 6 },
  { primary: 'J00', secondary: ['R50.9'], ages: [0, 14], exam: '02.1897', reason: 'Trẻ sốt nhẹ, chảy mũi', finding: 'Họng đỏ nhẹ, tai hai bên bình thường', tests: ['22.0121.1369 65'], drugs: ['T02 1x3x3', 'T25 1x2x5', 'T58 1x1x1'], weight: 10 },
  { primary: 'J03.9', ages: [3, 30], exam: '15.1901', reason: 'Sốt, đau họng', finding: 'Amidan hai bên quá phát, có mủ', tests: ['22.0121.1369 85', '23.0228.1483 30'], drugs: ['T11 1x2x7', 'T01 1x3x3'], weight: 4 },
  { primary: 'I10', secondary: ['E78.5'], ages: [40, 99], exam: '02.1896', reason: 'Tái khám tăng huyết áp', finding: 'Huyết áp 145/85 mmHg, tim đều', tests: ['22.0121.1369 45', '23.0206.1596 30', '02.0085.1778 40', '23.0041.1506 40', '23.0051.1494 30', '23.0075.1494 30'], drugs: ['T29 1x1x28', 'T31 1x1x28', 'T34 1x1x28'], chronic: true, weight: 16 },
  { primary: 'I25.9', secondary: ['I10'], ages: [50, 99], exam: '02.1896', reason: 'Tức ngực khi gắng sức', finding: 'Tim đều, không tiếng thổi, phổi trong', tests: ['22.0121.1369 40', '02.0085.1778', '23.0041.1506 50', '23.0158.1506 40', '23.0020.1493 30'], drugs: ['T35 1x1x28', 'T33 1x1x28', 'T34 1x1x28'], chronic: true, weight: 4 },
  { primary: 'E11.9', secondary: ['I10', 'E78.2'], ages: [35, 99], exam: '02.1896', reason: 'Tái khám đái tháo đường', finding: 'Tỉnh, da niêm mạc hồng, bàn chân không loét', tests: ['22.0121.1369 40', '23.0075.1494', '23.0083.1523 30', '23.0051.1494 40', '23.0158.1506 30', '23.0206.1596 30'], drugs: ['T37 1x2x28', 'T38 1x1x28', 'T34 1x1x28'], chronic: true, weight: 12 },
  { primary: 'E11.4', secondary: ['I10'], ages: [45, 99], exam: '02.1896', reason: 'Đái tháo đường, tê bì bàn chân', finding: 'Giảm cảm giác nông bàn chân hai bên', tests: ['23.0075.1494', '23.0083.1523 50', '23.0058.1487 30'], drugs: ['T39 1x1x2', 'T37 1x2x28', 'T50 1x2x28'], chronic: true, weight: 3 },
  { primary: 'J44.9', ages: [45, 99], exam: '02.1896', reason: 'Khó thở khi gắng sức, ho khạc đờm', finding: 'Lồng ngực hình thùng, rì rào phế nang giảm', tests: ['22.0121.1369 60', '02.0024.1791 40', '18.0119.0028 40', '02.0085.1778 20'], drugs: ['T27 1x2x7', 'T25 1x2x14'], chronic: true, weight: 4 },
  { primary: 'J45.9', ages: [6, 80], exam: '02.1896', reason: 'Khó thở từng cơn về đêm', finding: 'Ran rít hai phổi khi thở ra', tests: ['02.0024.1791 40'], drugs: ['T27 1x2x5', 'T23 1x1x5'], procedure: '15.0222.0898', supplies: ['N07.01.240 1'], weight: 3 },
  { primary: 'K29.7', secondary: ['K21.9'], ages: [18, 90], exam: '02.1896', reason: 'Đau thượng vị, ợ chua', finding: 'Bụng mềm, ấn đau nhẹ thượng vị', tests: ['18.0015.0001 50', '02.0314.0125 25', '22.0121.1369 55'], drugs: ['T40 1x2x14', 'T42 1x3x7', 'T43 1x2x5'], weight: 10 },
  { primary: 'A09', ages: [1, 99], exam: '02.1896', reason: 'Đi ngoài phân lỏng 5 lần từ hôm qua', finding: 'Mất nước nhẹ, bụng mềm', tests: ['22.0121.1369 75', '23.0058.1487 20'], drugs: ['T44 1x3x2', 'T45 1x2x5', 'T46 1x1x10'], weight: 6 },
  { primary: 'K76.0', secondary: ['E78.5'], ages: [30, 80], exam: '02.1896', reason: 'Mệt mỏi, đầy bụng', finding: 'Bụng mềm, gan không to', tests: ['22.0121.1369 50', '18.0015.0001', '23.0020.1493', '23.0019.1493', '23.0158.1506 50'], drugs: ['T54 1x2x28', 'T34 1x1x28'], weight: 3 },
  { primary: 'N39.0', ages: [16, 90], exam: '02.1896', reason: 'Tiểu buốt, tiểu rắt', finding: 'Không sốt, chạm thận âm tính', tests: ['22.0121.1369 60', '23.0206.1596', '18.0015.0001 50'], drugs: ['T18 1x2x7', 'T43 1x2x5'], weight: 4 },
  { primary: 'N20.0', ages: [20, 80], exam: '10.1898', reason: 'Đau âm ỉ thắt lưng phải', finding: 'Rung thận phải đau nhẹ', tests: ['18.0015.0001', '23.0206.1596 70', '23.0051.1494 40'], drugs: ['T43 1x3x7', 'T04 1x2x5'], weight: 3 },
  { primary: 'N40', sexCode: '1', ages: [55, 95], exam: '10.1898', reason: 'Tiểu khó, tiểu đêm nhiều lần', finding: 'Tuyến tiền liệt to, mềm, không nhân', tests: ['18.0015.0001', '23.0206.1596 50'], drugs: ['T18 1x2x7', 'T43 1x2x7'], chronic: true, weight: 2 },
  { primary: 'M17.9', secondary: ['M81.9'], ages: [45, 95], exam: '02.1896', reason: 'Đau khớp gối khi đi lại', finding: 'Khớp gối lạo xạo, không sưng nóng', tests: ['22.0121.1369 40', '18.0104.0028 60', '23.0003.1494 20'], drugs: ['T06 1x1x10', 'T53 1x2x28', 'T40 1x1x10'], procedure: '17.0011.0237', weight: 7 },
  { primary: 'M54.5', secondary: ['M47.8'], ages: [25, 95], exam: '08.1904', reason: 'Đau vùng thắt lưng 1 tuần', finding: 'Co cứng cơ cạnh sống, Lasègue âm tính', tests: ['22.0121.1369 35', '18.0093.0028 40'], drugs: ['T05 1x2x5', 'T50 1x2x14', 'T40 1x1x5'], procedure: '08.0005.0230', weight: 8 },
  { primary: 'M10.9', sexCode: '1', ages: [35, 90], exam: '02.1896', reason: 'Sưng đau khớp bàn ngón chân', finding: 'Khớp bàn ngón I sưng nóng đỏ', tests: ['23.0003.1494', '23.0051.1494 50'], drugs: ['T05 1x2x7', 'T40 1x1x7'], weight: 3 },
  { primary: 'H81.1', secondary: ['I67.9'], ages: [35, 95], exam: '02.1896', reason: 'Chóng mặt khi đổi tư thế', finding: 'Không dấu thần kinh khu trú', tests: ['22.0121.1369 50', '02.0085.1778 40', '23.0075.1494 40', '18.0149.0040 8'], drugs: ['T52 1x2x14', 'T55 1x2x14'], weight: 5 },
  { primary: 'G44.2', ages: [18, 80], exam: '02.1896', reason: 'Đau đầu âm ỉ hai bên thái dương', finding: 'Tỉnh, không dấu màng não', tests: ['02.0085.1778 20'], drugs: ['T01 1x3x5', 'T50 1x2x14', 'T63 1x1x10'], weight: 3 },
  { primary: 'L50.9', ages: [6, 90], exam: '05.1903', reason: 'Nổi mẩn ngứa toàn thân', finding: 'Sẩn phù rải rác thân mình', tests: ['22.0121.1369 55'], drugs: ['T22 1x1x7', 'T23 1x1x3', 'T51 1x2x7'], weight: 4 },
  { primary: 'L20.9', ages: [1, 60], exam: '05.1903', reason: 'Ngứa, đỏ da nếp gấp', finding: 'Mảng hồng ban khô vùng khuỷu', drugs: ['T59 1x1x1', 'T20 1x1x10'], weight: 3 },
  { primary: 'L02.9', ages: [10, 80], exam: '10.1898', reason: 'Nhọt sưng đau vùng lưng', finding: 'Ổ áp xe 2 cm đã vỡ mủ', tests: ['22.0121.1369 75'], drugs: ['T10 1x3x5', 'T01 1x3x3'], procedure: '10.9003.0200', supplies: ['N02.03.020 4', 'N02.04.020 1'], weight: 3 },
  { primary: 'S61.9', ages: [6, 80], exam: '10.1898', reason: 'Vết thương bàn tay do dao cắt', finding: 'Vết thương 3 cm, không đứt gân', drugs: ['T10 1x3x5', 'T04 1x2x3'], procedure: '03.3827.0216', supplies: ['N05.02.050 1', 'N02.03.020 5', 'N02.04.020 1', 'N03.01.020 1'], injuryCode: '2', weight: 4 },
  { primary: 'S93.4', ages: [8, 70], exam: '10.1898', reason: 'Trẹo cổ chân khi ngã xe', finding: 'Cổ chân sưng nhẹ, không mất vững', drugs: ['T05 1x2x5', 'T01 1x3x3'], supplies: ['N02.02.010 1'], injuryCode: '1', weight: 3 },
  { primary: 'K02.1', ages: [6, 80], exam: '16.1902', reason: 'Đau răng hàm dưới', finding: 'Răng 46 sâu mặt nhai', drugs: ['T15 2x2x5', 'T01 1x3x3'], weight: 3 },
  { primary: 'K08.3', ages: [25, 90], exam: '16.1902', reason: 'Đau chân răng còn sót', finding: 'Chân răng 36 lung lay độ I', drugs: ['T07 1x3x5', 'T01 1x3x3'], procedure: '16.0205.1024', supplies: ['N03.01.020 1', 'N02.01.040 1'], weight: 2 },
  { primary: 'H10.9', ages: [2, 90], exam: '14.1900', reason: 'Mắt đỏ, cộm, nhiều dử', finding: 'Kết mạc cương tụ, giác mạc trong', drugs: ['T57 1x1x1', 'T20 1x1x5'], weight: 3 },
  { primary: 'N76.0', sexCode: '2', ages: [18, 60], exam: '13.1899', reason: 'Khí hư nhiều, ngứa', finding: 'Âm đạo viêm đỏ, cổ tử cung hồng', tests: ['23.0206.1596 40'], drugs: ['T15 2x2x7', 'T17 1x1x5'], weight: 4 },
  { primary: 'Z34.9', sexCode: '2', ages: [19, 40], exam: '13.1899', reason: 'Khám thai định kỳ', finding: 'Tim thai đều, ối bình thường', tests: ['18.0034.0001', '23.0206.1596 70', '22.0121.1369 65', '24.0117.1646 20'], drugs: ['T56 1x1x28'], chronic: true, weight: 5 },
  { primary: 'D50.9', sexCode: '2', ages: [14, 55], exam: '02.1896', reason: 'Mệt mỏi, hoa mắt', finding: 'Da xanh, niêm mạc nhợt nhẹ', tests: ['22.0121.1369'], drugs: ['T56 1x2x28', 'T51 1x2x14'], weight: 3 },
];

/** A stay. `daily` is given every day in the ward, `drugs` on the way home. */
export interface StayScenario extends Scenario {
  readonly ward: string;
  readonly bed: string;
  readonly daily: readonly string[];
  readonly surgery?: { readonly item: string; readonly anaesthesiaCode: '1' | '2'; readonly minutes: number; readonly drugs: readonly string[] };
  readonly birth?: boolean;
  readonly treatment: string;
}

export const INPATIENT: readonly StayScenario[] = [
  { primary: 'J18.9', secondary: ['R50.9'], ages: [15, 95], exam: '02.1896', ward: 'K03', bed: 'K03.1917', reason: 'Sốt cao, ho đờm, đau ngực', finding: 'Ran nổ đáy phổi phải', tests: ['22.0121.1369', '23.0228.1483', '18.0119.0028', '23.0051.1494', '23.0058.1487', '02.0085.1778'], daily: ['T13 1x2', 'T03 1x1', 'T48 1x1'], supplies: ['N03.02.060 1', 'N03.05.010 1', 'N03.01.030 2'], drugs: ['T08 1x2x5', 'T26 1x2x5'], treatment: 'Kháng sinh, hạ sốt, bù dịch, theo dõi hô hấp', weight: 6 },
  { primary: 'J44.1', secondary: ['I10'], ages: [50, 95], exam: '02.1896', ward: 'K03', bed: 'K03.1917', reason: 'Khó thở tăng, ho đờm đục', finding: 'Rì rào phế nang giảm, ran rít', tests: ['22.0121.1369', '18.0119.0028', '23.0058.1487', '02.0085.1778', '23.0228.1483'], daily: ['T12 1x2', 'T24 1x1', 'T28 1x2', 'T48 1x1'], procedure: '15.0222.0898', supplies: ['N03.02.060 1', 'N03.05.010 1', 'N07.01.240 1', 'N03.01.030 3'], drugs: ['T27 1x2x5', 'T25 1x2x7'], treatment: 'Giãn phế quản, kháng sinh, corticoid', weight: 5 },
  { primary: 'J15.9', ages: [0, 10], exam: '02.1897', ward: 'K18', bed: 'K18.1912', reason: 'Trẻ sốt, ho, thở nhanh', finding: 'Thở nhanh, ran ẩm hai phổi', tests: ['22.0121.1369', '23.0228.1483', '18.0119.0028'], daily: ['T12 1x2', 'T02 1x3', 'T47 1x1'], procedure: '15.0222.0898', supplies: ['N03.02.060 1', 'N03.05.010 1', 'N03.01.020 3'], drugs: ['T09 1x2x5', 'T45 1x2x5'], treatment: 'Kháng sinh, hạ sốt, khí dung', weight: 6 },
  { primary: 'A91', ages: [5, 70], exam: '02.1896', ward: 'K03', bed: 'K03.1917', reason: 'Sốt cao ngày thứ 3, đau mỏi người', finding: 'Chấm xuất huyết dưới da, gan không to', tests: ['22.0121.1369', '24.0183.1637', '23.0020.1493', '23.0019.1493', '18.0015.0001', '23.0058.1487'], daily: ['T49 1x2', 'T03 1x1'], supplies: ['N03.02.060 1', 'N03.05.010 1', 'N03.01.030 1'], drugs: ['T01 1x3x3', 'T44 1x2x3'], treatment: 'Bù dịch, hạ sốt, theo dõi tiểu cầu', weight: 4 },
  { primary: 'A09', secondary: ['R10.4'], ages: [1, 80], exam: '02.1896', ward: 'K03', bed: 'K03.1917', reason: 'Nôn, đi ngoài nhiều lần', finding: 'Mất nước trung bình, bụng chướng nhẹ', tests: ['22.0121.1369', '23.0058.1487', '18.0015.0001', '23.0051.1494'], daily: ['T49 1x2', 'T45 1x2'], supplies: ['N03.02.060 1', 'N03.05.010 1'], drugs: ['T44 1x3x2', 'T46 1x1x10'], treatment: 'Bù nước điện giải, men vi sinh', weight: 4 },
  { primary: 'I63.9', secondary: ['I10', 'E78.2'], ages: [50, 95], exam: '01.1895', ward: 'K03', bed: 'K03.1917', reason: 'Yếu nửa người phải', finding: 'Liệt nhẹ nửa người phải, nói khó', tests: ['18.0149.0040', '22.0121.1369', '22.0001.1352', '23.0075.1494', '23.0041.1506', '23.0051.1494', '23.0058.1487', '02.0085.1778'], daily: ['T35 1x1', 'T34 1x1', 'T29 1x1', 'T48 1x1'], procedure: '17.0011.0237', supplies: ['N03.02.060 1', 'N03.05.010 1', 'N03.01.030 1'], drugs: ['T35 1x1x14', 'T34 1x1x14', 'T29 1x1x14'], treatment: 'Chống kết tập tiểu cầu, kiểm soát huyết áp, phục hồi chức năng', weight: 3 },
  { primary: 'K35.8', ages: [10, 75], exam: '10.1898', ward: 'K19', bed: 'K19.1938', reason: 'Đau hố chậu phải, sốt nhẹ', finding: 'Ấn đau điểm McBurney, phản ứng thành bụng', tests: ['22.0121.1369', '22.0001.1352', '22.0279.1269', '18.0015.0001', '23.0051.1494', '02.0085.1778'], surgery: { item: '10.0506.0459', anaesthesiaCode: '1', minutes: 60, drugs: ['T62 2x1'] }, daily: ['T13 1x2', 'T16 1x2', 'T03 1x2'], procedure: '10.9003.0200', supplies: ['N05.02.030 2', 'N05.03.010 1', 'N08.00.310 1', 'N03.02.060 1', 'N03.05.010 2', 'N02.03.020 10'], drugs: ['T11 1x2x5', 'T01 1x3x3'], treatment: 'Phẫu thuật cắt ruột thừa, kháng sinh, giảm đau', weight: 4 },
  { primary: 'O80.0', sexCode: '2', ages: [19, 40], exam: '13.1899', ward: 'K27', bed: 'K27.1938', reason: 'Thai 39 tuần, đau bụng từng cơn', finding: 'Cổ tử cung mở 4 cm, tim thai 145 lần/phút', tests: ['22.0121.1369', '22.0279.1269', '23.0206.1596', '18.0034.0001', '24.0117.1646'], procedure: '13.0033.0614', birth: true, daily: ['T60 2x1', 'T07 1x3', 'T56 1x1'], supplies: ['N05.02.030 1', 'N02.03.020 10', 'N03.01.020 2', 'N04.01.030 1'], drugs: ['T56 1x1x28', 'T07 1x3x5'], treatment: 'Đỡ đẻ thường, theo dõi sau đẻ', weight: 5 },
  { primary: 'O82.0', sexCode: '2', ages: [20, 42], exam: '13.1899', ward: 'K27', bed: 'K27.1938', reason: 'Thai 39 tuần, vết mổ cũ đau', finding: 'Ngôi đầu cao, tim thai 140 lần/phút', tests: ['22.0121.1369', '22.0279.1269', '22.0001.1352', '23.0206.1596', '18.0034.0001'], surgery: { item: '13.0007.0671', anaesthesiaCode: '2', minutes: 50, drugs: ['T61 2x1', 'T60 2x1'] }, birth: true, daily: ['T13 1x2', 'T03 1x2', 'T49 1x1'], supplies: ['N05.02.030 3', 'N05.03.010 1', 'N04.01.030 1', 'N03.02.060 1', 'N03.05.010 2', 'N02.03.020 10'], drugs: ['T11 1x2x5', 'T56 1x1x28'], treatment: 'Phẫu thuật lấy thai, kháng sinh, giảm đau', weight: 3 },
  { primary: 'H25.1', ages: [55, 95], exam: '14.1900', ward: 'K30', bed: 'K30.1938', reason: 'Nhìn mờ mắt phải tăng dần', finding: 'Thể thủy tinh mắt phải đục nhân độ III', tests: ['22.0121.1369', '23.0075.1494', '22.0001.1352', '02.0085.1778'], surgery: { item: '14.0044.0833', anaesthesiaCode: '2', minutes: 30, drugs: ['T61 1x1'] }, daily: ['T11 1x2', 'T01 1x2'], supplies: ['N06.04.051 1', 'N02.03.020 4', 'N03.01.020 2'], drugs: ['T57 1x1x1', 'T11 1x2x5'], treatment: 'Phẫu thuật phaco đặt thể thủy tinh nhân tạo', weight: 3 },
  { primary: 'L03.1', ages: [18, 85], exam: '10.1898', ward: 'K19', bed: 'K19.1938', reason: 'Sưng đau cẳng chân trái', finding: 'Cẳng chân trái sưng nóng đỏ, không mủ', tests: ['22.0121.1369', '23.0228.1483', '23.0075.1494', '23.0051.1494'], daily: ['T12 1x2', 'T14 1x2', 'T03 1x1'], procedure: '10.9003.0200', supplies: ['N03.02.060 1', 'N02.03.020 5', 'N03.01.030 4', 'N02.04.020 1'], drugs: ['T11 1x2x5', 'T01 1x3x3'], treatment: 'Kháng sinh, thay băng, kê cao chân', weight: 3 },
  { primary: 'Z47.0', ages: [18, 70], exam: '10.1898', ward: 'K19', bed: 'K19.1938', reason: 'Xin tháo đinh nẹp cẳng chân', finding: 'Sẹo mổ cũ khô, vận động tốt', tests: ['22.0121.1369', '22.0001.1352', '22.0279.1269', '02.0085.1778'], surgery: { item: '10.0934.0563', anaesthesiaCode: '2', minutes: 45, drugs: ['T61 2x1'] }, daily: ['T13 1x1', 'T03 1x1'], supplies: ['N05.02.030 1', 'N05.03.010 1', 'N02.03.020 8', 'N03.02.060 1'], drugs: ['T10 1x3x5', 'T04 1x2x5'], treatment: 'Phẫu thuật tháo phương tiện kết hợp xương', weight: 2 },
];
