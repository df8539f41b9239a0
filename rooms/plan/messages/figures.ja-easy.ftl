# Figures of indicators: how they are kept, entered and shown.
job-fold-figures = 指標の 数字を まとめる
job-check-figures = 指標の 数字を 記録と くらべる
schedule-fold-figures = 指標の 数字を まとめる
schedule-check-figures = 指標の 数字を 記録と くらべる
source-share = { $what }の うち、あてはまる ものが どれだけ あるかを、コンピューターが 数えて います。人が 書いた 数字では ありません。
