import type { Random } from './random.ts';

/** Syllables that invented people are named from. Nobody in the demo exists. */
const FAMILY =
  'Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Võ Cao Đinh Trịnh Thái Chu Đậu Lang Vi Lô Lương'.split(
    ' ',
  );
const MIDDLE = {
  '1': 'Văn Đình Hữu Xuân Quang Minh Đức Công Trọng Bá Ngọc Thanh'.split(' '),
  '2': 'Thị,Thị Thu,Thị Ngọc,Thị Kim,Thị Hồng,Thị Minh,Thị Bích,Thanh,Khánh,Thị Hoài'.split(','),
};
const GIVEN = {
  '1': 'An Bình Cường Dũng Đạt Giang Hải Hiếu Hòa Hùng Huy Khánh Lâm Long Mạnh Nam Phong Phúc Quân Sơn Tài Thắng Toàn Trung Tuấn Vinh'.split(
    ' ',
  ),
  '2': 'An Ánh Châu Dung Duyên Hà Hạnh Hiền Hoa Hương Lan Linh Loan Mai My Nga Ngân Nhung Oanh Phương Quỳnh Tâm Thảo Thủy Trang Vân Yến'.split(
    ' ',
  ),
};

export function inventedName(random: Random, sexCode: '1' | '2'): string {
  return `${random.pick(FAMILY)} ${random.pick(MIDDLE[sexCode])} ${random.pick(GIVEN[sexCode])}`.normalize(
    'NFC',
  );
}
