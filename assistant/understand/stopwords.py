"""The words of questions that tell no clause from another."""

# Folded: words that ask, join or stand in every notice. They tell no clause from another.
_STOP_WORDS = """
    a ai anh bang bao bi biet boi cac cai cham chi cho chua co con cu cua cung da dang dat
    dau dc den dinh do duoc em ghi gi giong giup gio gom han hay hien hoi it k khac khi khong khop
    ko la lam lau lo luc luot ma mau may minh mot moi nao nay neu nhat nhau nhe nhieu nhu nhung noi
    nua o phai phan quy ra roi sao sau se so tai thay the theo thi thieu thoi thuan thuc toi tram
    trong truoc tu va vao vay ve vi viec voi vs xin xong
"""
STOP = frozenset(_STOP_WORDS.split())
