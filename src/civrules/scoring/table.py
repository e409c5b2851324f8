"""placeholder"""


class Table: ...


def read_table(): ...
